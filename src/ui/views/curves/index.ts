export { default } from './CurvesView.tsx';
