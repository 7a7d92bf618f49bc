import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { describeRecipe } from '../../app/catalogue.ts';
import type { LevelEstimate } from '../../app/estimate.ts';
import type { LevelResult } from '../../app/level.ts';
import { asksTasks, type CurvePoint, currentEstimate, currentPoint, shownRelations, useLab } from '../../app/store.ts';
import { about, count, estimatedFrom, percent, range } from '../parts/format.ts';
import classes from './status.module.css';

/** Relations with fewer answers than this are not named: their shares say little yet. */
const enough = 6;

/** What the level means, in words: as it was computed, else as its neighbours on the curve let expect. */
export function Sentence() {
  const baseline = useLab((state) => state.baseline.result);
  const point = useLab(currentPoint);
  const estimate = useLab(currentEstimate);
  if (!point) return null;
  if (point.result) return <Computed point={point} result={point.result} baseline={baseline} />;
  if (estimate) return <Estimated point={point} estimate={estimate} baseline={baseline} />;
  if (baseline) return <Unknown point={point} baseline={baseline} />;
  return (
    <Said note="The first numbers come as soon as the model is loaded and some of the questions are asked.">
      A language model knows facts. Move the slider to compress it, and watch which ones it forgets.
    </Said>
  );
}

/** The sentence and where its numbers come from. Both have their place before they are known: nothing below moves. */
function Said({ children, note }: { children: ReactNode; note: ReactNode }) {
  return (
    <div>
      <Text size="lg" className={classes.sentence}>
        {children}
      </Text>
      <Text size="sm" c="dimmed" className={`${classes.note} lossy-numbers`}>
        {note}
      </Text>
    </div>
  );
}

interface Known {
  point: CurvePoint;
  baseline: LevelResult | null;
}

const beginning = ({ recipe }: CurvePoint) => (recipe.length === 0 ? 'Uncompressed' : `With ${describeRecipe(recipe)}`);

/** How the page says what the model is asked. */
function useVerbs() {
  return useLab(asksTasks)
    ? { does: 'answers', did: 'got', noun: 'questions', right: ' right' }
    : { does: 'knows', did: 'knew', noun: 'facts', right: '' };
}

/** What the uncompressed model knows, for a level that is compressed. */
function Before({ point, baseline }: Known) {
  const { did } = useVerbs();
  if (!baseline || point.recipe.length === 0) return null;
  return (
    <>
      ; before compression it {did}{' '}
      <span className="lossy-numbers">{percent(baseline.summary.precision[0].share)}</span>
    </>
  );
}

function Computed({ point, result, baseline }: Known & { result: LevelResult }) {
  const relations = useLab(shownRelations);
  const { does, noun, right } = useVerbs();
  const [first] = result.summary.precision;
  const { probes, of } = result.summary;
  const shares = [...result.relationShares].filter(([, share]) => share.probes >= enough);
  shares.sort(([, a], [, b]) => a.share - b.share);
  const [lowest, highest] = [shares[0], shares.at(-1)];
  const labelOf = (id: string) => relations?.find((relation) => relation.id === id)?.label ?? id;
  const note = (
    <>
      P@1, n = {count(probes)}
      {probes < of ? ` of ${count(of)} ${noun} so far, a stratified sample` : ` ${noun}`}; 95 % interval {range(first)}
      {result.source === 'link' ? '; from the link' : ''}.
    </>
  );
  return (
    <Said note={note}>
      {beginning(point)} the model {does} <b className="lossy-numbers">{percent(first.share)}</b> of the {noun}
      {right}
      <Before point={point} baseline={baseline} />.{' '}
      {lowest && highest && point.recipe.length > 0 && (
        <>
          Worst is <b>{labelOf(lowest[0])}</b> ({percent(lowest[1].share, 0)}), best <b>{labelOf(highest[0])}</b> (
          {percent(highest[1].share, 0)}).
        </>
      )}
    </Said>
  );
}

function Estimated({ point, estimate, baseline }: Known & { estimate: LevelEstimate }) {
  const { does, noun, right } = useVerbs();
  const { precision, from } = estimate;
  return (
    <Said note={`P@1, ${estimatedFrom(from)}; interval ${range(precision[0])}.`}>
      {beginning(point)} the model {does} <b className="lossy-numbers">{about(precision[0])}</b> of the {noun}
      {right} (estimated from {from.length > 1 ? 'neighbouring levels' : 'a neighbouring level'})
      <Before point={point} baseline={baseline} />.
    </Said>
  );
}

function Unknown({ point, baseline }: { point: CurvePoint; baseline: LevelResult }) {
  const { did, noun, right } = useVerbs();
  return (
    <Said note="No level of this curve was asked yet, so that there is nothing to estimate it from.">
      {beginning(point)}: not known yet. Before compression the model {did}{' '}
      <b className="lossy-numbers">{percent(baseline.summary.precision[0].share)}</b> of the {noun}
      {right}.
    </Said>
  );
}
