export { default } from './CompareView.tsx';
