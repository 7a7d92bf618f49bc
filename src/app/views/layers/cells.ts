import { type BlockPart, blockParts, isScopeId, type ScopeId, sitesOf } from '../../../lab/compress/scope.ts';
import { families, hasHalves } from '../../../lab/family/index.ts';
import { type Interval, wilson } from '../../../lab/metrics/interval.ts';
import type { Site, Stack } from '../../../lab/model/site.ts';

/** Columns of the map: a block as a whole, its coarse parts, its roles. */
export type ColumnId = 'block' | BlockPart;

/** Rows of the map: the whole model, a block (of a half), the last layer. */
export type RowId = 'all' | 'last' | `${'' | 'encoder-' | 'decoder-'}block-${number}`;

/** How fine a cell is: coarse ones are asked first. */
export type Grain = 'block' | 'part' | 'role';

/** One part of the model that is compressed alone. */
export interface LayerCell {
  scope: ScopeId;
  row: RowId;
  column: ColumnId;
  grain: Grain;
  /** How many weights it has. */
  parameters: number;
}

/** All parts of a model that can be compressed alone, as a table with gaps. */
export interface CellMap {
  rows: RowId[];
  columns: ColumnId[];
  cells: LayerCell[];
  /** Layers that no cell holds, by name: nothing is left out unseen. */
  outside: string[];
}

const coarse: readonly ColumnId[] = ['attention', 'cross-attention', 'mlp'];

export const grainOf = (column: ColumnId): Grain =>
  column === 'block' ? 'block' : coarse.includes(column) ? 'part' : 'role';

/** The named scopes that are the first row. In an encoder-decoder none is all self-attention of both halves. */
const wholeModel = (isPair: boolean): Partial<Record<ColumnId, ScopeId>> => ({
  block: 'overall',
  ...(isPair ? { 'cross-attention': 'cross-attention' } : { attention: 'attention-block' }),
  mlp: 'mlp',
});

/** What of a model can be compressed alone, found from its layers. */
export function cellsOf(sites: readonly Site[]): CellMap {
  const isPair = sites.some(({ family }) => hasHalves(families[family]));
  const cells: LayerCell[] = [];
  const held = new Set<string>();
  const add = (row: RowId, column: ColumnId, scope: ScopeId) => {
    // Of an encoder’s blocks none attends to another half.
    const inside = isScopeId(scope) ? sitesOf(scope, sites) : [];
    if (inside.length === 0) return;
    for (const { name } of inside) held.add(name);
    const parameters = inside.reduce((sum, { shape: [rows, columns] }) => sum + rows * columns, 0);
    cells.push({ scope, row, column, grain: grainOf(column), parameters });
  };
  for (const [column, scope] of Object.entries(wholeModel(isPair))) add('all', column as ColumnId, scope);
  const stacks: readonly (Stack | null)[] = isPair ? ['encoder', 'decoder'] : [null];
  for (const stack of stacks) {
    const layers = sites.filter((site) => stack === null || site.stack === stack).map(({ layer }) => layer ?? -1);
    for (let layer = 0; layer <= Math.max(-1, ...layers); layer++) {
      const row: RowId = `${stack ? (`${stack}-` as const) : ''}block-${layer + 1}`;
      add(row, 'block', row);
      for (const part of blockParts) add(row, part, `${row}.${part}`);
    }
  }
  add('last', 'block', 'decoder');
  const columns: ColumnId[] = ['block', ...blockParts];
  return {
    rows: [...new Set(cells.map(({ row }) => row))],
    columns: columns.filter((column) => cells.some((cell) => cell.column === column)),
    cells,
    outside: sites.filter(({ name }) => !held.has(name)).map(({ name }) => name),
  };
}

const grains: readonly Grain[] = ['block', 'part', 'role'];

/** Cells in the order in which they are asked: whole blocks first, then parts, then roles; of these the smallest first. */
export const cheapestFirst = (cells: readonly LayerCell[]): LayerCell[] =>
  [...cells].sort(
    (a, b) =>
      grains.indexOf(a.grain) - grains.indexOf(b.grain) || a.parameters - b.parameters || (a.row < b.row ? -1 : 1),
  );

/** What is forgotten where one part is compressed, over the questions that both were asked. */
export interface Loss extends Interval {
  /** Of those that were right before: how many are wrong now, of how many. */
  lost: number;
  known: number;
  /** lost / known with its 95 % Wilson interval; 0 where nothing was known, from 0 to 1. */
  share: number;
  /** Wrong before, right now. */
  gained: number;
  asked: number;
}

/**
 * Compares two results probe by probe.
 *
 * @param before and `after`: ranks of the right answer in the order of asking; the longer one is cut
 */
export function lossOf(before: Uint32Array, after: Uint32Array): Loss {
  const asked = Math.min(before.length, after.length);
  let [known, lost, gained] = [0, 0, 0];
  for (let at = 0; at < asked; at++) {
    const [was, is] = [before[at] === 1, after[at] === 1];
    if (was) known++;
    if (was && !is) lost++;
    if (!was && is) gained++;
  }
  return { lost, known, gained, asked, share: known === 0 ? 0 : lost / known, ...wilson(lost, known) };
}

/** The end of the colour scale: the first of these shares that no cell is above. */
const ends = [0.02, 0.05, 0.1, 0.25, 0.5, 1];
export const scaleEnd = (shares: readonly number[]): number => ends.find((end) => shares.every((s) => s <= end)) ?? 1;

/** Where arrows lead in a grid with gaps: to the next cell in that direction; itself where there is none. */
export function neighbour({ rows, columns, cells }: CellMap, from: LayerCell, key: string): LayerCell {
  const [row, column] = [rows.indexOf(from.row), columns.indexOf(from.column)];
  const at = (cell: LayerCell) => [rows.indexOf(cell.row), columns.indexOf(cell.column)] as const;
  const inRow = cells.filter((cell) => cell.row === from.row);
  const nearest = (candidates: readonly LayerCell[], distance: (place: readonly [number, number]) => number) =>
    candidates
      .filter((cell) => distance(at(cell)) > 0)
      .reduce<LayerCell>(
        (best, cell) => (best === from || distance(at(cell)) < distance(at(best)) ? cell : best),
        from,
      );
  const inColumn = cells.filter((cell) => cell.column === from.column);
  switch (key) {
    case 'ArrowRight':
      return nearest(inRow, ([, other]) => other - column);
    case 'ArrowLeft':
      return nearest(inRow, ([, other]) => column - other);
    case 'ArrowDown': {
      const below = nearest(inColumn, ([other]) => other - row);
      // The last row has but its first column.
      return below === from ? nearest(firsts(cells), ([other]) => other - row) : below;
    }
    case 'ArrowUp': {
      const above = nearest(inColumn, ([other]) => row - other);
      return above === from ? nearest(firsts(cells), ([other]) => row - other) : above;
    }
    case 'Home':
      return inRow[0];
    case 'End':
      return inRow.at(-1)!;
    default:
      return from;
  }
}

const firsts = (cells: readonly LayerCell[]) => cells.filter(({ column }) => column === 'block');
