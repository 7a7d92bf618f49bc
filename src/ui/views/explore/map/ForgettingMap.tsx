import { Skeleton, Text, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { memo, useMemo } from 'react';
import type { LevelEstimate } from '../../../../app/projection/estimate.ts';
import type { LevelResult } from '../../../../app/projection/level-result.ts';
import { look } from '../../../../app/views/explore/explore.ts';
import {
  comparedBaseline,
  currentEstimate,
  currentPoint,
  shownRelations,
  useExplore,
} from '../../../../app/views/explore/explore-store.ts';
import { about, count, percent, roughly } from '../../../parts/format.ts';
import { Hint } from '../../../parts/Hint.tsx';
import { Panel } from '../../../parts/Panel.tsx';
import { useDeferredExplore } from '../../../parts/useDeferredExplore.ts';
import { map as texts } from '../../../texts/map.ts';
import { Dots } from './Dots.tsx';
import { pitchFor } from './draw.ts';
import { Mark } from './Mark.tsx';
import classes from './map.module.css';
import { type Fate, fateOf, fates } from './outcome.ts';

/** Narrowest relation, and the space between two, in CSS pixels. */
const narrowest = 124;
const gap = 14;
/** Of the map of the shipped facts, in CSS pixels. */
const usualHeight = 1300;

/** Every fact a dot, by relation: what is still known, and what was forgotten. */
export function ForgettingMap() {
  const relations = useDeferredExplore(shownRelations);
  const subjects = useDeferredExplore((state) => state.probes?.subjects ?? null);
  const baseline = useDeferredExplore(comparedBaseline);
  const result = useDeferredExplore((state) => currentPoint(state)?.result ?? null);
  const estimate = useDeferredExplore(currentEstimate);
  const chosen = useExplore((state) => state.view.relation);
  const probe = useExplore((state) => state.view.probe);
  // All relations are equally wide: measured once, not by each of them.
  const { ref, width } = useElementSize();
  const columns = Math.max(2, Math.floor((width + gap) / (narrowest + gap)));
  const each = width === 0 ? 0 : Math.floor((width - gap * (columns - 1)) / columns);
  const starts = useMemo(() => {
    let first = 0;
    return (relations ?? []).map((relation) => {
      first += relation.probes;
      return first - relation.probes;
    });
  }, [relations]);
  const pitch = pitchFor((relations ?? []).reduce((sum, relation) => sum + relation.probes, 0));
  return (
    <Panel title={texts.title} aside={<Legend />}>
      <Hint className={classes.basis}>{basisOf(result, baseline, estimate)}</Hint>
      <div ref={ref} className={classes.map} style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`, gap }}>
        {relations?.map(({ id, label, task = null, probes: size }, index) => {
          const first = starts[index];
          const isHere = probe !== null && probe >= first && probe < first + size;
          return (
            <RelationMap
              key={id}
              id={id}
              label={label}
              task={task}
              first={first}
              size={size}
              width={each}
              pitch={pitch}
              baseline={baseline}
              result={result}
              estimate={estimate}
              subjects={subjects}
              isChosen={chosen === id}
              probe={isHere ? probe : null}
            />
          );
        })}
      </div>
      {!relations && (
        // About as high as the map that comes, so that what stands below it stays where it is.
        <Skeleton height={usualHeight}>
          <Text>{texts.waiting}</Text>
        </Skeleton>
      )}
    </Panel>
  );
}

/** What the dots show: what was computed, or what is expected. */
function basisOf(result: LevelResult | null, baseline: LevelResult | null, estimate: LevelEstimate | null): string {
  if (result) {
    const { probes, of } = result.summary;
    const compared = baseline?.summary.probes ?? 0;
    return texts.asked(count(probes), count(of), compared < probes ? count(compared) : null);
  }
  if (!estimate) return texts.notAsked;
  const [milder, stronger] = estimate.from;
  return stronger === undefined ? texts.fromOne(milder) : texts.fromTwo(milder, stronger);
}

interface RelationProps {
  id: string;
  label: string;
  /** Set where it is a task. */
  task: string | null;
  /** Number of its first probe, and how many it has. */
  first: number;
  size: number;
  width: number;
  pitch: number;
  baseline: LevelResult | null;
  result: LevelResult | null;
  /** Where there is no result. */
  estimate: LevelEstimate | null;
  subjects: readonly string[] | null;
  isChosen: boolean;
  probe: number | null;
}

const RelationMap = memo(function RelationMap(props: RelationProps) {
  const { id, label, task, first, size, width, pitch, baseline, result, estimate, subjects, isChosen, probe } = props;
  const relationFates = useMemo(
    () => Array.from({ length: size }, (_, position) => fateOf(baseline, result ?? estimate, first + position)),
    [baseline, result, estimate, first, size],
  );
  const tally = (fate: Fate) => relationFates.reduce((sum, other) => sum + (other === fate ? 1 : 0), 0);
  // The level's own share, as the table has it: its dots also depend on what the uncompressed model was asked.
  const share = result?.relationShares.get(id);
  const expected = result ? undefined : estimate?.relationShares.get(id);
  const of = task === null ? texts.facts : texts.answers;
  return (
    <div className={classes.cell}>
      <UnstyledButton
        className={classes.relation}
        onClick={() => look({ relation: isChosen ? null : id, probe: null })}
        aria-pressed={isChosen}
      >
        <span className={classes.label} title={label}>
          {label}
        </span>
        <span className={classes.share}>{expected ? roughly(expected) : share ? percent(share.share, 0) : '…'}</span>
        <VisuallyHidden>
          {expected
            ? texts.estimated(about(expected), of)
            : texts.relation(share?.hits ?? 0, share?.probes ?? 0, of, tally('forgotten'))}
        </VisuallyHidden>
      </UnstyledButton>
      <Dots
        fates={relationFates}
        isEstimated={result === null}
        selected={probe === null ? null : probe - first}
        width={width}
        pitch={pitch}
        onPick={(position) => look({ relation: id, probe: first + position })}
        titleOf={(position) => subjects?.[first + position] ?? texts.fact(count(position + 1))}
      />
    </div>
  );
});

const Legend = memo(function Legend() {
  return (
    <ul className={classes.legend}>
      {fates.map(({ fate, label, help }) => (
        <li key={fate} title={help}>
          <Mark fate={fate} /> {label}
        </li>
      ))}
    </ul>
  );
});
