import { Panel } from '../parts/Panel.tsx';

export default function LibraryView() {
  return <Panel title="Library">…</Panel>;
}
