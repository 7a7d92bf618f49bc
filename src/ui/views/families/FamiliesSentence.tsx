import { Text } from '@mantine/core';
import { describeRecipe } from '../../../app/recipe/catalogue.ts';
import { familyWordsOf } from '../../../app/recipe/words.ts';
import { useFamilies } from '../../../app/views/families/families-store.ts';
import { type FamilySaid as Figured, ofWhat, ranking } from '../../../app/views/families/sentence.ts';
import { partOf, percent, range } from '../../parts/format.ts';
import { RichText } from '../../parts/RichText.tsx';
import { familiesSentence as texts } from '../../texts/families.ts';
import { useLevelRows } from './rows.ts';
import { useNoun } from './useNoun.ts';

const nameOf = (family: Figured['family']) => familyWordsOf(family).term.toLowerCase();
const theOf = (family: Figured['family']) => texts.the(nameOf(family));

/** What the level means, in words that follow from the numbers alone. */
export function FamiliesSentence() {
  const { measure, step } = useFamilies((state) => state.choice);
  const recipe = useFamilies((state) => state.tracks[0]?.points[state.choice.step.level]?.recipe);
  const noun = useNoun();
  const row = useLevelRows()[step.level];
  const said = Object.entries(row?.points ?? {}).map(
    ([family, figure]): Figured => ({
      family: family as Figured['family'],
      figure,
    }),
  );
  if (said.length === 0 || !recipe)
    return (
      <Text size="lg" mih={130}>
        {texts.first}
      </Text>
    );
  const isCompressed = recipe.length > 0;
  const ranks = isCompressed ? ranking(said) : null;
  const shares = said.map(({ family, figure }) => ({ family: theOf(family), share: percent(figure.share, 0) }));
  const intervals = said.map(({ family, figure }) => ({
    family: nameOf(family),
    range: range(figure),
    n: partOf(figure.probes, figure.of),
  }));
  return (
    <div>
      <Text size="lg" mih={86} className="lossy-numbers">
        <RichText phrase={texts.shares(isCompressed ? describeRecipe(recipe) : null, shares, ofWhat(measure, noun))} />
        {ranks ? texts.ranks(theOf(ranks.most), theOf(ranks.least)) : isCompressed && said.length > 1 && texts.overlap}
      </Text>
      <Text size="sm" c="dimmed" className="lossy-numbers" mih={44}>
        <RichText phrase={texts.note(intervals)} />
      </Text>
    </div>
  );
}
