export { default } from './DecideView.tsx';
