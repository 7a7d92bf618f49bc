import { Panel } from '../parts/Panel.tsx';

export default function DecideView() {
  return <Panel title="Decide">…</Panel>;
}
