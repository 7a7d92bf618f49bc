export { default } from './Families.tsx';
