import { Text } from '@mantine/core';
import type { LevelEstimate } from '../../../../app/projection/estimate.ts';
import type { LevelResult } from '../../../../app/projection/level-result.ts';
import { describeRecipe } from '../../../../app/recipe/catalogue.ts';
import {
  asksTasks,
  type CurvePoint,
  comparedBaseline,
  currentEstimate,
  currentPoint,
  shownRelations,
  useExplore,
} from '../../../../app/views/explore/explore-store.ts';
import { about, count, estimatedFrom, percent, range } from '../../../parts/format.ts';
import { RichText } from '../../../parts/RichText.tsx';
import type { Phrase } from '../../../texts/phrase.ts';
import { type AskedWords, sentence as texts } from '../../../texts/status.ts';
import classes from './status.module.css';

/** Relations with fewer answers than this are not named: their shares say little yet. */
const enough = 6;

/** What the level means, in words: as it was computed, else as its neighbours on the curve let expect. */
export function Sentence() {
  const baseline = useExplore(comparedBaseline);
  const point = useExplore(currentPoint);
  const estimate = useExplore(currentEstimate);
  if (!point) return null;
  if (point.result) return <Computed point={point} result={point.result} baseline={baseline} />;
  if (estimate) return <Estimated point={point} estimate={estimate} baseline={baseline} />;
  if (baseline) return <Unknown point={point} baseline={baseline} />;
  return <Statement phrase={[texts.first]} note={[texts.firstNote]} />;
}

/** The sentence and where its numbers come from. Both have their place before they are known: nothing below moves. */
function Statement({ phrase, note }: { phrase: Phrase; note: Phrase }) {
  return (
    <div>
      <Text size="lg" className={`${classes.sentence} lossy-numbers`}>
        <RichText phrase={phrase} />
      </Text>
      <Text size="sm" c="dimmed" className={`${classes.note} lossy-numbers`}>
        <RichText phrase={note} />
      </Text>
    </div>
  );
}

interface Known {
  point: CurvePoint;
  baseline: LevelResult | null;
}

const recipeWords = ({ recipe }: CurvePoint) => (recipe.length === 0 ? null : describeRecipe(recipe));

const shareOf = ({ summary }: LevelResult) => percent(summary.precision[0].share);

/** What the uncompressed model knows, where that is something else; with its n where that is another one. */
function shareBefore({ point, baseline }: Known): string | null {
  if (baseline === null || point.recipe.length === 0) return null;
  const { probes } = baseline.summary;
  const isSame = !point.result || point.result.summary.probes === probes;
  return isSame ? shareOf(baseline) : texts.shareOf(shareOf(baseline), count(probes));
}

const useAsked = (): AskedWords => (useExplore(asksTasks) ? 'questions' : 'facts');

function Computed({ point, result, baseline }: Known & { result: LevelResult }) {
  const relations = useExplore(shownRelations);
  const asked = useAsked();
  const { probes, of, precision } = result.summary;
  const shares = [...result.relationShares].filter(([, share]) => share.probes >= enough);
  shares.sort(([, a], [, b]) => a.share - b.share);
  const [lowest, highest] = [shares[0], shares.at(-1)];
  const named = ([id, { share }]: (typeof shares)[number]) => ({
    label: relations?.find((relation) => relation.id === id)?.label ?? id,
    share: percent(share, 0),
  });
  const extremes = lowest && highest && point.recipe.length > 0 ? texts.extremes(named(lowest), named(highest)) : [];
  return (
    <Statement
      phrase={[
        ...texts.computed(asked, recipeWords(point), shareOf(result), shareBefore({ point, baseline })),
        ...extremes,
      ]}
      note={texts.computedNote(asked, {
        n: count(probes),
        of: probes < of ? count(of) : null,
        range: range(precision[0]),
        isFromLink: result.source === 'link',
      })}
    />
  );
}

function Estimated({ point, estimate, baseline }: Known & { estimate: LevelEstimate }) {
  const asked = useAsked();
  const { precision, from } = estimate;
  const was = shareBefore({ point, baseline });
  return (
    <Statement
      phrase={texts.estimated(asked, recipeWords(point), about(precision[0]), from.length, was)}
      note={texts.estimatedNote(estimatedFrom(from), range(precision[0]))}
    />
  );
}

function Unknown({ point, baseline }: { point: CurvePoint; baseline: LevelResult }) {
  const asked = useAsked();
  return <Statement phrase={texts.unknown(asked, recipeWords(point), shareOf(baseline))} note={[texts.unknownNote]} />;
}
