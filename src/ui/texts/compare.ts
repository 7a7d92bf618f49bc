import type { ComparePresetId, ShownFacts, Side } from '../../app/views/compare/compare-choice.ts';
import type { Match, Verdict } from '../../app/views/compare/compared.ts';
import type { FlipOutcome } from '../../lab/metrics/flips.ts';

const numerals = ['no', 'one', 'two', 'three', 'four'];

/** Two to four recipes, fact by fact. */
export const compare = {
  interval: (range: string, n: string) => `(${range}, n = ${n})`,
  summary: (recipes: number) => `What the ${numerals[recipes]} still know`,
  empty: 'Two compressed models can know equally much and yet not the same. Ask both, and see which facts part them.',
  noSample: 'Each is asked a first sample of facts.',
  accuracy: 'Right answers (P@1)',
  size: 'Size',
  sizeNote: 'Bytes of the whole model, each layer in the layout that suits it; counted, not measured.',
  side: (side: Side) => side.toUpperCase(),
  /** The sentence in plain words; every number in it was computed. `B` stands for the one beside A. */
  sentence: (
    verdict: Verdict,
    { B, flips, n, lost, gained }: Record<'B' | 'flips' | 'n' | 'lost' | 'gained', string>,
  ): string => {
    switch (verdict) {
      case 'no-flips':
        return `A and ${B} know exactly the same of these ${n} facts.`;
      case 'same-but-flips':
        return `By how much they know, A and ${B} cannot be told apart; by what they know, they can: ${flips} of ${n} facts differ. ${lost} are known to A alone, ${gained} to ${B} alone.`;
      case 'a-better':
        return `A knows more than ${B}: ${lost} of ${n} facts are known to A alone, and only ${gained} to ${B} alone.`;
      case 'b-better':
        return `${B} knows more than A: ${gained} of ${n} facts are known to ${B} alone, and only ${lost} to A alone.`;
    }
  },
  /** Columns of the table of all recipes, where there are more than two. */
  against: {
    lost: 'A knows, this not',
    gained: 'This knows, A not',
    p: 'p',
    adjusted: 'p, adjusted',
  },
  first: 'all others are compared with it',
  chooseRow: (recipe: string) => `${recipe}: look at it beside A`,
  severalNote: (tests: string) =>
    `p is McNemar’s exact p against A. ${tests} tests were made at once: the more of them, the more likely one of them looks like a difference by chance. The adjusted p allows for that (Holm 1979). A click on a recipe looks at it beside A below.`,
  beside: (B: string) => `A and ${B} side by side`,
  difference: (B: string) => `Difference, ${B} minus A`,
  points: (value: string, low: string, high: string) => `${value} points (95 % interval ${low} to ${high})`,
  pairedNote: 'Interval of a difference of paired shares, Newcombe 1998, method 10.',
  flips: 'Facts that only one of them knows',
  flipsOf: (B: string, lost: string, gained: string) => `${lost} A alone, ${gained} ${B} alone`,
  test: 'Could that be chance?',
  testTerm: 'McNemar’s exact test',
  p: (p: string, mid: string) => `p ${p}, mid-p ${mid}`,
  testYes: 'A coin could have split them like this.',
  testNo: 'A coin would hardly split them like this.',
  otherWrong: 'Both wrong, but differently',
  otherWrongOf: (count: string, neither: string) => `${count} of ${neither} that neither knows`,
  divergence: 'How far the probabilities are apart',
  divergenceTerm: 'KL divergence',
  divergenceOf: (mean: string, low: string, high: string, n: string) =>
    `at least ${mean} nats (95 % interval of this bound ${low} to ${high}, n = ${n})`,
  divergenceNote: (B: string) =>
    `A lower bound, from A to ${B}: five words are kept of each answer, all others are put together, which can only hide differences.`,
  noDivergence: 'Not for tasks: of these the scores of the options are kept, which are no probabilities of words.',
  figure: 'Which facts go where',
  figureAlt: (B: string, parts: readonly string[]) => `From A to ${B}: ${parts.join('; ')}.`,
  right: 'right',
  wrong: 'wrong',
  outcomes: (B: string) => ({
    both: 'right in both',
    lost: 'right in A alone',
    gained: `right in ${B} alone`,
    neither: 'wrong in both',
  }),
  together: 'Who knows the same',
  togetherLead: (all: string, some: string, none: string, n: string) =>
    `Of ${n} facts, ${all} are known to all of them, ${some} to some, ${none} to none.`,
  togetherComing: 'This comes when all of them have answers.',
  knownBy: (recipes: number, of: number) =>
    recipes === 0 ? 'known to none' : recipes === of ? `known to all ${numerals[of]}` : `known to ${numerals[recipes]}`,
  knownByAlt: (parts: readonly string[], n: string) => `Of ${n} facts: ${parts.join('; ')}.`,
  pairs: 'Known to both of each pair',
  pairsNote: (n: string) =>
    `Share of the same ${n} facts that both get right, with their number; where a recipe meets itself, all that it gets right.`,
  pairOf: (one: string, other: string) => (one === other ? `known to ${one}` : `known to both ${one} and ${other}`),
  relations: 'Relation by relation',
  relationsNote:
    'p is McNemar’s exact p of each relation by itself, then adjusted for testing all of them at once (Holm 1979).',
  columns: (B: string) => ({
    relation: 'Relation',
    n: 'n',
    a: 'A right',
    b: `${B} right`,
    lost: 'A alone',
    gained: `${B} alone`,
    net: `${B} − A`,
    p: 'p',
    adjusted: 'p, adjusted',
  }),
  facts: 'Fact by fact',
  factsNote: (B: string) => `A click on a fact opens it in Explore, with the recipe of ${B}.`,
  factColumns: (B: string) => ({
    subject: 'Asked about',
    relation: 'Relation',
    right: 'Right',
    a: 'A says',
    b: `${B} says`,
    outcome: 'Flip',
  }),
  show: 'Show',
  shown: (B: string): Record<ShownFacts, string> => ({
    all: 'All flips',
    lost: 'A alone',
    gained: `${B} alone`,
    'other-wrong': 'Wrong differently',
  }),
  outcome: (B: string): Record<Exclude<FlipOutcome, 'both' | 'same-wrong'>, string> => ({
    lost: 'A alone ✓',
    gained: `${B} alone ✓`,
    'other-wrong': 'both ✗',
  }),
  allRelations: 'All relations',
  factCount: (count: string) => `${count} facts`,
  noFacts: 'No such fact.',
  factsComing: 'The facts come with the model.',
  presets: 'Show me',
  presetWords: {
    order: {
      label: 'Does order matter?',
      help: 'Remove half of the weights, then round; or round first, then remove.',
    },
    criterion: {
      label: 'Which weights to remove?',
      help: 'The smallest ones (magnitude), or the least used ones (Wanda).',
    },
    scope: { label: 'Which layers?', help: 'Half of all weights, or half of those of attention alone.' },
    kind: { label: 'Remove or round?', help: 'Half of the weights removed, or all of them rounded to few bits.' },
    ways: {
      label: 'Same size, four ways',
      help: 'Four methods each remove half of the weights, so that the models are equally large. Who keeps which facts?',
    },
  } satisfies Record<ComparePresetId, { label: string; help: string }>,
  recipes: 'Recipes',
  add: 'Add a recipe',
  addNote: 'At first it is like the last one. Four at most.',
  remove: (side: Side) => `Remove recipe ${side.toUpperCase()}`,
  removeShort: 'Remove',
  recipeColumn: 'Recipe',
  recipe: (side: Side) => `Recipe ${side.toUpperCase()}`,
  steps: (side: Side) => `Steps of recipe ${side.toUpperCase()}`,
  sliderNote: (side: Side, step: number, of: number) => ` (${side.toUpperCase()}${of > 1 ? `, step ${step}` : ''})`,
  uncompressed: 'Uncompressed: no step yet.',
  kept: 'From kept results',
  keptHint: 'Choose one of this question',
  swap: (B: string) => `Exchange A and ${B}`,
  match: (recipes: number) => (recipes === 2 ? 'Move B’s last slider' : 'Move the last slider of all but A'),
  matches: { size: 'To equal size', accuracy: 'To equal accuracy' } satisfies Record<Match['kind'], string>,
  matchNote: (recipes: number) =>
    `Every level of ${recipes === 2 ? 'it' : 'each'} is tried on a sample of 192 facts, unless it is kept; the closest one is taken.`,
  matched: ({
    kind,
    side,
    label,
    levels,
    wanted,
    value,
    n,
  }: Record<'label' | 'levels' | 'wanted' | 'value' | 'n', string> & Pick<Match, 'kind' | 'side'>) => {
    const B = side.toUpperCase();
    return kind === 'size'
      ? `Of ${levels} levels, ${label} comes closest in size: ${B} has ${value}, A has ${wanted}.`
      : `Of ${levels} levels, ${label} comes closest in accuracy: ${B} has ${value}, A has ${wanted} of the same ${n} facts.`;
  },
  amount: 'Facts asked',
  amounts: (amount: number) => (amount === 0 ? 'All' : amount.toLocaleString('en')),
  more: 'Ask them',
  lessThanWanted: (n: string, wanted: string) => `So far ${n} of ${wanted} facts.`,
  offer: 'Asks each recipe the chosen number of facts.',
};
