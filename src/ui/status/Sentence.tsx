import { Text } from '@mantine/core';
import { describeRecipe } from '../../app/catalogue.ts';
import { asksTasks, currentPoint, shownRelations, useLab } from '../../app/store.ts';
import { count, percent, range } from '../parts/format.ts';

/** Relations with fewer answers than this are not named: their shares say little yet. */
const enough = 6;

/** What the level means, in words. */
export function Sentence() {
  const baseline = useLab((state) => state.baseline.result);
  const point = useLab(currentPoint);
  const relations = useLab(shownRelations);
  const isTask = useLab(asksTasks);
  const result = point?.result;
  if (!point) return null;
  if (!result || !baseline)
    return (
      <Text size="lg" mih={96}>
        A language model knows facts. Move the slider to compress it, and watch which ones it forgets.
      </Text>
    );
  const noun = isTask ? 'questions' : 'facts';
  const [first] = result.summary.precision;
  const before = baseline.summary.precision[0];
  const { probes, of } = result.summary;
  const shares = [...result.relationShares].filter(([, share]) => share.probes >= enough);
  shares.sort(([, a], [, b]) => a.share - b.share);
  const [lowest, highest] = [shares[0], shares.at(-1)];
  const labelOf = (id: string) => relations?.find((relation) => relation.id === id)?.label ?? id;
  return (
    <div>
      <Text size="lg" mih={96}>
        {point.recipe.length === 0 ? 'Uncompressed' : `With ${describeRecipe(point.recipe)}`} the model{' '}
        {isTask ? 'answers' : 'knows'} <b className="lossy-numbers">{percent(first.share)}</b> of the{' '}
        {isTask ? 'questions right' : 'facts'}
        {point.recipe.length > 0 && (
          <>
            ; before compression it {isTask ? 'got' : 'knew'}{' '}
            <span className="lossy-numbers">{percent(before.share)}</span>
          </>
        )}
        .{' '}
        {lowest && highest && point.recipe.length > 0 && (
          <>
            Worst is <b>{labelOf(lowest[0])}</b> ({percent(lowest[1].share, 0)}), best <b>{labelOf(highest[0])}</b> (
            {percent(highest[1].share, 0)}).
          </>
        )}
      </Text>
      <Text size="sm" c="dimmed" className="lossy-numbers">
        P@1, n = {count(probes)}
        {probes < of ? ` of ${count(of)} ${noun} so far, a stratified sample` : ` ${noun}`}; 95 % interval{' '}
        {range(first)}
        {result.source === 'link' ? '; from the link' : ''}.
      </Text>
    </div>
  );
}
