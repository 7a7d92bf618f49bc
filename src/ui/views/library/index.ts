export { default } from './LibraryView.tsx';
