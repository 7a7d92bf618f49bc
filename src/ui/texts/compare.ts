import type { PresetId, ShownFacts, Side } from '../../app/compare/choice.ts';
import type { Match, Verdict } from '../../app/compare/compared.ts';
import type { Outcome } from '../../lab/metrics/flips.ts';

/** Two recipes, fact by fact. */
export const compare = {
  interval: (range: string, n: string) => `(${range}, n = ${n})`,
  summary: 'What the two still know',
  empty: 'Two compressed models can know equally much and yet not the same. Ask both, and see which facts part them.',
  noSample: 'Both are asked a first sample of facts.',
  accuracy: 'Right answers (P@1)',
  size: 'Size',
  sizeNote: 'Bytes of the whole model, each layer in the layout that suits it; counted, not measured.',
  side: (side: Side) => side.toUpperCase(),
  /** The sentence in plain words; every number in it was computed. */
  sentence: (
    verdict: Verdict,
    { flips, n, lost, gained }: Record<'flips' | 'n' | 'lost' | 'gained', string>,
  ): string => {
    switch (verdict) {
      case 'no-flips':
        return `A and B know exactly the same of these ${n} facts.`;
      case 'same-but-flips':
        return `By how much they know, A and B cannot be told apart; by what they know, they can: ${flips} of ${n} facts differ. ${lost} are known to A alone, ${gained} to B alone.`;
      case 'a-better':
        return `A knows more than B: ${lost} of ${n} facts are known to A alone, and only ${gained} to B alone.`;
      case 'b-better':
        return `B knows more than A: ${gained} of ${n} facts are known to B alone, and only ${lost} to A alone.`;
    }
  },
  difference: 'Difference, B minus A',
  points: (value: string, low: string, high: string) => `${value} points (95 % interval ${low} to ${high})`,
  pairedNote: 'Interval of a difference of paired shares, Newcombe 1998, method 10.',
  flips: 'Facts that only one of them knows',
  flipsOf: (lost: string, gained: string) => `${lost} A alone, ${gained} B alone`,
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
  divergenceNote:
    'A lower bound, from A to B: five words are kept of each answer, all others are put together, which can only hide differences.',
  noDivergence: 'Not for tasks: of these the scores of the options are kept, which are no probabilities of words.',
  figure: 'Which facts go where',
  figureAlt: (parts: readonly string[]) => `From A to B: ${parts.join('; ')}.`,
  right: 'right',
  wrong: 'wrong',
  outcomes: {
    both: 'right in both',
    lost: 'right in A alone',
    gained: 'right in B alone',
    neither: 'wrong in both',
  },
  relations: 'Relation by relation',
  relationsNote:
    'p is McNemar’s exact p of each relation by itself, then adjusted for testing all of them at once (Holm 1979).',
  columns: {
    relation: 'Relation',
    n: 'n',
    a: 'A right',
    b: 'B right',
    lost: 'A alone',
    gained: 'B alone',
    net: 'B − A',
    p: 'p',
    adjusted: 'p, adjusted',
  },
  facts: 'Fact by fact',
  factsNote: 'A click on a fact opens it in Explore, with the recipe of B.',
  factColumns: {
    subject: 'Asked about',
    relation: 'Relation',
    right: 'Right',
    a: 'A says',
    b: 'B says',
    outcome: 'Flip',
  },
  show: 'Show',
  shown: {
    all: 'All flips',
    lost: 'A alone',
    gained: 'B alone',
    'other-wrong': 'Wrong differently',
  } satisfies Record<ShownFacts, string>,
  outcome: {
    lost: 'A alone ✓',
    gained: 'B alone ✓',
    'other-wrong': 'both ✗',
  } satisfies Record<Exclude<Outcome, 'both' | 'same-wrong'>, string>,
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
  } satisfies Record<PresetId, { label: string; help: string }>,
  question: 'Model and questions',
  recipe: (side: Side) => `Recipe ${side.toUpperCase()}`,
  steps: (side: Side) => `Steps of recipe ${side.toUpperCase()}`,
  sliderNote: (side: Side, step: number, of: number) => ` (${side.toUpperCase()}${of > 1 ? `, step ${step}` : ''})`,
  uncompressed: 'Uncompressed: no step yet.',
  kept: 'From kept results',
  keptHint: 'Choose one of this question',
  swap: 'Exchange A and B',
  match: 'Move B’s last slider',
  matches: { size: 'To equal size', accuracy: 'To equal accuracy' } satisfies Record<Match['kind'], string>,
  matchNote: 'Every level of it is tried on a sample of 192 facts, unless it is kept; the closest one is taken.',
  matched: ({
    kind,
    label,
    levels,
    a,
    b,
    n,
  }: Record<'label' | 'levels' | 'a' | 'b' | 'n', string> & Pick<Match, 'kind'>) =>
    kind === 'size'
      ? `Of ${levels} levels, ${label} comes closest in size: B has ${b}, A has ${a}.`
      : `Of ${levels} levels, ${label} comes closest in accuracy: B has ${b}, A has ${a} of the same ${n} facts.`,
  amount: 'Facts asked',
  amounts: (amount: number) => (amount === 0 ? 'All' : amount.toLocaleString('en')),
  more: 'Ask them',
  lessThanWanted: (n: string, wanted: string) => `So far ${n} of ${wanted} facts.`,
  offer: 'Asks both recipes the chosen number of facts.',
};
