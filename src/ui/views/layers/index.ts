export { default } from './LayersView.tsx';
