export { default } from './Explore.tsx';
