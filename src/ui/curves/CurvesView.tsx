import { Panel } from '../parts/Panel.tsx';

export default function CurvesView() {
  return <Panel title="Curves">…</Panel>;
}
