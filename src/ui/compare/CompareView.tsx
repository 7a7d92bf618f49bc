import { Panel } from '../parts/Panel.tsx';

export default function CompareView() {
  return <Panel title="Compare">…</Panel>;
}
