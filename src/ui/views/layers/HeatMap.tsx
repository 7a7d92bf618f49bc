import { Text } from '@mantine/core';
import { type KeyboardEvent, memo, useRef, useState } from 'react';
import { type CellMap, neighbour, scaleEnd } from '../../../app/views/layers/cells.ts';
import type { CellState } from '../../../app/views/layers/layers-store.ts';
import type { ScopeId } from '../../../lab/compress/scope.ts';
import { layers as texts } from '../../texts/layers.ts';
import { sentenceOf, shadeOf } from './cell-format.ts';
import classes from './layers.module.css';

const nameWidth = 128;
const headHeight = 52;
const cellWidth = 66;
const cellHeight = 36;
const gap = 2;
const lineHeight = 13;
const legendHeight = 46;
const legendSteps = 9;

interface Props {
  map: CellMap;
  cells: readonly CellState[];
  chosen: ScopeId;
  onChoose: (scope: ScopeId) => void;
}

/** Part by part, what is lost if only that part is compressed: colour, and the number in every cell. */
export const HeatMap = memo(function HeatMap({ map, cells, chosen, onChoose }: Props) {
  const [pointed, setPointed] = useState<ScopeId | null>(null);
  const [focused, setFocused] = useState<ScopeId | null>(null);
  const grid = useRef<SVGGElement>(null);
  const { rows, columns } = map;
  const width = nameWidth + columns.length * cellWidth;
  const height = headHeight + rows.length * cellHeight;
  const end = scaleEnd(cells.flatMap(({ loss }) => (loss ? [loss.share] : [])));
  const byScope = new Map(cells.map((cell) => [cell.scope, cell]));
  // One stop of the keyboard: where it was last, or the chosen cell.
  const current = byScope.get(focused ?? chosen) ?? cells[0];
  const told = byScope.get(pointed ?? focused ?? chosen);
  const follow = (event: KeyboardEvent) => {
    if (event.key === 'Enter' || event.key === ' ') onChoose(current.scope);
    else {
      const next = neighbour(map, current, event.key);
      if (next.scope === current.scope && !event.key.startsWith('Arrow')) return;
      setFocused(next.scope);
      grid.current?.querySelector<SVGGElement>(`[data-scope="${CSS.escape(next.scope)}"]`)?.focus();
    }
    event.preventDefault();
  };
  return (
    <>
      <div className={classes.scroll}>
        {/* biome-ignore-start lint/a11y: SVG has no table of its own; these roles say what it shows */}
        <svg width={width} height={height + legendHeight} className={classes.map}>
          <g ref={grid} role="grid" aria-label={texts.map} onKeyDown={follow}>
            <g role="row">
              <text role="columnheader" x={0} y={headHeight - 8} className={classes.head}>
                {texts.tableHeads.part}
              </text>
              {columns.map((column, at) => (
                <text key={column} role="columnheader" className={classes.head} textAnchor="middle">
                  {texts.columns[column].map((line, index, { length }) => (
                    <tspan
                      key={line}
                      x={nameWidth + at * cellWidth + cellWidth / 2}
                      y={headHeight - 8 - (length - 1 - index) * lineHeight}
                    >
                      {line}{' '}
                    </tspan>
                  ))}
                </text>
              ))}
            </g>
            {rows.map((row, line) => {
              const y = headHeight + line * cellHeight;
              return (
                <g key={row} role="row">
                  <text role="rowheader" x={0} y={y + cellHeight / 2 + 4} className={classes.rowHead}>
                    {texts.rowOf(row)}
                  </text>
                  {map.cells
                    .filter((cell) => cell.row === row)
                    .map(({ scope, column }) => {
                      const cell = byScope.get(scope);
                      if (!cell) return null;
                      const x = nameWidth + columns.indexOf(column) * cellWidth;
                      return (
                        <g
                          key={scope}
                          role="gridcell"
                          data-scope={scope}
                          aria-label={sentenceOf(cell)}
                          aria-selected={scope === chosen}
                          tabIndex={scope === current?.scope ? 0 : -1}
                          className={classes.cell}
                          onClick={() => onChoose(scope)}
                          onFocus={() => setFocused(scope)}
                          onBlur={() => setFocused(null)}
                          onPointerEnter={() => setPointed(scope)}
                          onPointerLeave={() => setPointed(null)}
                        >
                          <Box cell={cell} x={x} y={y} end={end} isChosen={scope === chosen} />
                        </g>
                      );
                    })}
                </g>
              );
            })}
          </g>
          <Legend y={height + 14} end={end} />
        </svg>
        {/* biome-ignore-end lint/a11y: see above */}
      </div>
      <Text size="sm" mt={4} className={`lossy-numbers ${classes.told}`}>
        {told ? sentenceOf(told) : texts.point}
      </Text>
    </>
  );
});

interface BoxProps {
  cell: CellState;
  x: number;
  y: number;
  end: number;
  isChosen: boolean;
}

function Box({ cell: { loss, problem }, x, y, end, isChosen }: BoxProps) {
  const shade = loss && problem === null ? shadeOf(loss.share, end) : null;
  return (
    <>
      <rect
        x={x + gap}
        y={y + gap}
        width={cellWidth - 2 * gap}
        height={cellHeight - 2 * gap}
        rx={3}
        className={shade ? classes.full : classes.empty}
        style={shade ? { fill: shade.fill } : undefined}
      />
      {isChosen && (
        <rect
          x={x + gap}
          y={y + gap}
          width={cellWidth - 2 * gap}
          height={cellHeight - 2 * gap}
          rx={3}
          className={classes.chosen}
        />
      )}
      <text
        x={x + cellWidth / 2}
        y={y + cellHeight / 2 + 4}
        textAnchor="middle"
        className={shade ? classes.value : classes.none}
        style={shade ? { fill: shade.ink } : undefined}
      >
        {problem !== null ? '×' : loss ? (loss.share * 100).toFixed(1) : '·'}
      </text>
    </>
  );
}

function Legend({ y, end }: { y: number; end: number }) {
  const step = 22;
  const left = nameWidth + gap;
  return (
    <g>
      {Array.from({ length: legendSteps }, (_, at) => (
        <rect
          key={at}
          x={left + at * step}
          y={y}
          width={step}
          height={12}
          className={classes.full}
          style={{ fill: shadeOf((at / (legendSteps - 1)) * end, end).fill }}
        />
      ))}
      <text x={left} y={y + 26} className={classes.head}>
        0 %
      </text>
      <text x={left + legendSteps * step} y={y + 26} textAnchor="end" className={classes.head}>
        {end * 100} %
      </text>
      <text x={left + legendSteps * step + 10} y={y + 10} className={classes.head}>
        {texts.legend}; · {texts.notAsked}; × {texts.impossible}
      </text>
    </g>
  );
}
