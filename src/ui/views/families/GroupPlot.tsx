import { memo } from 'react';
import { familyWordsOf } from '../../../app/recipe/words.ts';
import type { Group } from '../../../app/views/families/groups.ts';
import type { FamilyId } from '../../../lab/model/site.ts';
import { Marker } from '../../parts/charts/Marker.tsx';
import { SeriesSample } from '../../parts/charts/series.tsx';
import { count } from '../../parts/format.ts';
import { familiesGroups as texts } from '../../texts/families.ts';
import classes from './families.module.css';
import { familySeries } from './series.ts';

interface Props {
  groups: readonly Group[];
  families: readonly FamilyId[];
}

/** Height of one family's line in a row, in CSS pixels. */
const line = 13;

/** Where lines are drawn, as shares: quarters, or halves where something is above all of what was known. */
function ticksTo(most: number): number[] {
  const step = most > 1 ? 0.5 : 0.25;
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, index) => index * step);
}

/** One row for each group, in it every family's figure with its interval, on one scale. */
export function GroupPlot({ groups, families }: Props) {
  const highest = Math.max(1, ...groups.flatMap(({ figures }) => Object.values(figures).map(({ share }) => share)));
  const ticks = ticksTo(highest);
  const most = ticks[ticks.length - 1];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
    <section className={classes.scroll} aria-label={texts.plot} tabIndex={0}>
      <div className={classes.head} aria-hidden="true">
        <span>
          {families.map((family) => (
            <span key={family} className={classes.key}>
              <SeriesSample series={familySeries[family]} /> {familyWordsOf(family).term}
            </span>
          ))}
        </span>
        <span className={classes.axis}>
          {ticks.map((part) => (
            <span key={part} style={{ left: `${(part / most) * 100}%` }}>
              {(part * 100).toFixed(0)} %
            </span>
          ))}
        </span>
      </div>
      {groups.map((group) => (
        <Row key={group.id} group={group} families={families} most={most} />
      ))}
    </section>
  );
}

const Row = memo(function Row({ group, families, most }: Omit<Props, 'groups'> & { group: Group; most: number }) {
  const { label, note, figures } = group;
  const words = families.flatMap((family) => {
    const figure = figures[family];
    return figure
      ? texts.figure(familyWordsOf(family).term, (figure.share * 100).toFixed(1), count(figure.probes))
      : [];
  });
  const at = (share: number) => `${(Math.min(share, most) / most) * 100}%`;
  return (
    <div className={classes.row}>
      <div className={classes.label}>
        {label} {note && <span className={classes.note}>{note}</span>}
      </div>
      <svg
        className={classes.plot}
        height={families.length * line + 6}
        role="img"
        aria-label={texts.row(label, words.join('; '))}
      >
        <title>{words.join('\n')}</title>
        {ticksTo(most).map((part) => (
          <line
            key={part}
            x1={`${(part / most) * 100}%`}
            x2={`${(part / most) * 100}%`}
            y1={0}
            y2="100%"
            stroke="var(--mantine-color-default-border)"
          />
        ))}
        {families.map((family, index) => {
          const figure = figures[family];
          if (!figure) return null;
          const y = 3 + line * (index + 0.5);
          return (
            <g key={family} opacity={figure.isFew ? 0.55 : 1}>
              <line
                x1={at(figure.low)}
                x2={at(figure.high)}
                y1={y}
                y2={y}
                stroke={familySeries[family].colour}
                strokeWidth={figure.isFew ? 1 : 2}
              />
              <svg x={at(figure.share)} y={y} overflow="visible" aria-hidden="true">
                <Marker {...familySeries[family]} cx={0} cy={0} size={3.6} isHollow={figure.isFew} />
              </svg>
            </g>
          );
        })}
      </svg>
    </div>
  );
});
