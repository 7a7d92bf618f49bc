export { default } from './ClassroomView.tsx';
