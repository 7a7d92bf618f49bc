import { Text } from '@mantine/core';
import { describeRecipe } from '../../app/catalogue.ts';
import { ofWhat, ranking, type Said } from '../../app/families/sentence.ts';
import { useFamilies } from '../../app/families/store.ts';
import { familyWordsOf } from '../../app/words.ts';
import { count, percent, range } from '../parts/format.ts';
import { useRows } from './figures.ts';
import { useNoun } from './words.ts';

const theOf = (family: Said['family']) => `the ${familyWordsOf(family).term.toLowerCase()}`;

/** What the level means, in words that follow from the numbers alone. */
export function FamiliesSentence() {
  const { measure, step } = useFamilies((state) => state.choice);
  const recipe = useFamilies((state) => state.tracks[0]?.points[state.choice.step.level]?.recipe);
  const noun = useNoun();
  const row = useRows()[step.level];
  const said = Object.entries(row?.figures ?? {}).map(
    ([family, figure]): Said => ({
      family: family as Said['family'],
      figure,
    }),
  );
  if (said.length === 0 || !recipe)
    return (
      <Text size="lg" mih={130}>
        Three kinds of language models learned the same facts. Compress all of them alike, and see which one forgets
        most.
      </Text>
    );
  const ranks = recipe.length === 0 ? null : ranking(said);
  return (
    <div>
      <Text size="lg" mih={86}>
        {recipe.length === 0 ? 'Uncompressed' : `With ${describeRecipe(recipe)}`}{' '}
        {said.map(({ family, figure }, index) => (
          <span key={family}>
            {index > 0 && (index === said.length - 1 ? ' and ' : ', ')}
            {theOf(family)} {index === 0 && `${recipe.length === 0 ? '' : 'still '}knows `}
            <b className="lossy-numbers">{percent(figure.share, 0)}</b>
            {index === 0 && ofWhat(measure, noun)}
          </span>
        ))}
        .{' '}
        {ranks
          ? `Most is left to ${theOf(ranks.most)}, least to ${theOf(ranks.least)}.`
          : recipe.length > 0 && said.length > 1 && 'The intervals overlap: that says not yet who forgets most.'}
      </Text>
      <Text size="sm" c="dimmed" className="lossy-numbers" mih={44}>
        P@1, 95 % intervals:{' '}
        {said
          .map(({ family, figure }) => {
            const { probes, of } = figure;
            const n = probes < of ? `${count(probes)} of ${count(of)}` : count(probes);
            return `${familyWordsOf(family).term.toLowerCase()} ${range(figure)}, n = ${n}`;
          })
          .join('; ')}
        .
      </Text>
    </div>
  );
}
