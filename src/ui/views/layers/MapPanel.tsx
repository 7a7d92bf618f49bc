import { useDeferredValue } from 'react';
import { commandOf } from '../../../app/recipe/command.ts';
import { setCell } from '../../../app/views/layers/layers.ts';
import { useLayers } from '../../../app/views/layers/layers-store.ts';
import { Disclosure } from '../../parts/Disclosure.tsx';
import { Figure } from '../../parts/export/Figure.tsx';
import { Hint } from '../../parts/Hint.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { csvOf } from '../../parts/tables/columns.ts';
import { DataTable } from '../../parts/tables/DataTable.tsx';
import { layers as texts } from '../../texts/layers.ts';
import { citedCells } from './cite.ts';
import { cellColumns } from './columns.ts';
import { HeatMap } from './HeatMap.tsx';

/** The sensitivity of every part of the model. */
export function MapPanel() {
  const map = useLayers((state) => state.map);
  const cells = useDeferredValue(useLayers((state) => state.cells));
  const chosen = useLayers((state) => state.choice.cell);
  if (!map || cells.length === 0) return null;
  return (
    <Panel title={texts.map}>
      <Hint mb="xs">
        {texts.mapNote} {texts.mapKeys} {map.outside.length > 0 && texts.outside(map.outside.join(', '))}
      </Hint>
      <Figure
        cited={() =>
          citedCells(
            texts.cited.map,
            cells.filter(({ loss }) => loss),
          )
        }
        rows={() => csvOf(cellColumns, cells)}
        commands={commands}
      >
        <HeatMap map={map} cells={cells} chosen={chosen} onChoose={setCell} />
      </Figure>
      <Disclosure title={texts.table}>
        <DataTable
          label={texts.map}
          rows={cells}
          columns={cellColumns}
          keyOf={({ scope }) => scope}
          isChosen={({ scope }) => scope === chosen}
          height={420}
        />
      </Disclosure>
    </Panel>
  );
}

function commands(): string[] {
  const { choice, cells, of } = useLayers.getState();
  return [[], ...cells.filter(({ loss }) => loss).map(({ recipe }) => recipe)].map((recipe) =>
    commandOf(choice, recipe, choice.amount === 0 || choice.amount >= of ? undefined : choice.amount),
  );
}
