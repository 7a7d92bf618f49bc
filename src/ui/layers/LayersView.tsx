import { Panel } from '../parts/Panel.tsx';

export default function LayersView() {
  return <Panel title="Layers">…</Panel>;
}
