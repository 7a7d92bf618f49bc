import { useElementSize } from '@mantine/hooks';
import { useCompare } from '../../../app/views/compare/compare-store.ts';
import type { Compared } from '../../../app/views/compare/compared.ts';
import { count, percent } from '../../parts/format.ts';
import { Panel } from '../../parts/Panel.tsx';
import { compare as texts } from '../../texts/compare.ts';
import { RecipesFigure } from './RecipesFigure.tsx';
import { useBeside, useCompared } from './useCompared.ts';

const height = 260;
const top = 28;
const gap = 14;
const bar = 16;
/** Room for words beside both bars. */
const wordsRoom = 92;

/** In the order from top to bottom on both sides. */
const flows = [
  { id: 'both', from: 0, to: 0, colour: 'var(--lossy-known)' },
  { id: 'lost', from: 0, to: 1, colour: 'var(--lossy-forgotten)' },
  { id: 'gained', from: 1, to: 0, colour: 'var(--lossy-learned)' },
  { id: 'neither', from: 1, to: 1, colour: 'var(--lossy-never)' },
] as const;

/** Where the facts go from A to B: as wide as there are many. */
export function Flow() {
  const compared = useCompared();
  const against = useCompare((state) => state.choice.against);
  const beside = useBeside();
  const { ref, width } = useElementSize();
  const outcomes = texts.outcomes(beside);
  const rows = () =>
    flows.map(({ id }) => ({
      outcome: outcomes[id],
      facts: compared?.counts[id] ?? null,
      of: compared?.n ?? null,
    }));
  return (
    <Panel title={texts.figure}>
      <RecipesFigure title={texts.figure} places={[0, against]} n={compared?.n ?? 0} rows={rows}>
        <div ref={ref} style={{ height }}>
          {compared && width > 0 && <Drawing compared={compared} beside={beside} width={width} />}
        </div>
      </RecipesFigure>
    </Panel>
  );
}

function Drawing({ compared, beside, width }: { compared: Compared; beside: string; width: number }) {
  const outcomes = texts.outcomes(beside);
  const pair = [texts.side('a'), beside];
  const { counts, n } = compared;
  const usable = height - top - gap - 12;
  const heightOf = (facts: number) => (facts / n) * usable;
  const left = wordsRoom;
  const right = width - wordsRoom;
  const ends = [
    [counts.both + counts.lost, counts.gained + counts.neither],
    [counts.both + counts.gained, counts.lost + counts.neither],
  ];
  // Where the next ribbon begins, by side and by right or wrong.
  const next = ends.map(([hits]) => [top, top + heightOf(hits) + gap]);
  const parts = flows.map(({ id }) => `${count(counts[id])} ${outcomes[id]}`);
  const text = { fontSize: 13, fill: 'var(--mantine-color-text)' };
  const middle = (left + right) / 2;
  const labels: { id: string; y: number; words: string }[] = [];
  const ribbons = flows.map(({ id, from, to, colour }) => {
    const size = heightOf(counts[id]);
    const [y1, y2] = [next[0][from], next[1][to]];
    next[0][from] += size;
    next[1][to] += size;
    const path = `M${left + bar},${y1} C${middle},${y1} ${middle},${y2} ${right - bar},${y2} L${right - bar},${y2 + size} C${middle},${y2 + size} ${middle},${y1 + size} ${left + bar},${y1 + size} Z`;
    // The two that cross would have their words at one place.
    const at = id === 'lost' ? 0.25 : id === 'gained' ? 0.75 : 0.5;
    const t = at * at * (3 - 2 * at);
    const y = (id === 'gained' ? y1 + (y2 - y1) * t : y1 + (y2 - y1) * t) + size / 2;
    if (counts[id] > 0) labels.push({ id, y, words: count(counts[id]) });
    return { id, path, colour, size, x: left + bar + (right - left - 2 * bar) * at };
  });
  return (
    <svg width={width} height={height} role="img" aria-label={texts.figureAlt(beside, parts)}>
      {ribbons.map(({ id, path, colour, size }) => (
        <path key={id} d={path} fill={colour} fillOpacity={0.4} stroke={colour} strokeWidth={size > 0 ? 1 : 0}>
          <title>{`${count(counts[id as 'both'])} ${outcomes[id as 'both']}`}</title>
        </path>
      ))}
      {ribbons.map(({ id, x }) => {
        const label = labels.find((entry) => entry.id === id);
        return (
          label && (
            <text key={id} {...text} x={x} y={label.y + 4} textAnchor="middle" fontWeight={650}>
              {label.words}
            </text>
          )
        );
      })}
      {pair.map((letter, column) => {
        const x = column === 0 ? left : right - bar;
        const anchor = column === 0 ? 'end' : 'start';
        const out = column === 0 ? left - 8 : right + 8;
        const [hits, misses] = ends[column];
        return (
          <g key={letter}>
            <text {...text} x={x + bar / 2} y={16} textAnchor="middle" fontWeight={700}>
              {letter}
            </text>
            {[
              { facts: hits, y: top, words: texts.right, fill: 'var(--lossy-known)' },
              { facts: misses, y: top + heightOf(hits) + gap, words: texts.wrong, fill: 'var(--lossy-never)' },
            ].map(({ facts, y, words, fill }) => (
              <g key={words}>
                <rect x={x} y={y} width={bar} height={heightOf(facts)} fill={fill} />
                {facts > 0 && (
                  <text {...text} x={out} y={y + heightOf(facts) / 2 + 4} textAnchor={anchor}>
                    {words} {percent(facts / n, 0)}
                  </text>
                )}
              </g>
            ))}
          </g>
        );
      })}
    </svg>
  );
}
