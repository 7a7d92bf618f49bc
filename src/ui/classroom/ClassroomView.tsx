import { Panel } from '../parts/Panel.tsx';

export default function ClassroomView() {
  return <Panel title="Classroom">…</Panel>;
}
