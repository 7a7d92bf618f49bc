import type { PresetSaid, Says } from '../../../app/views/curves/says.ts';
import { count } from '../../parts/format.ts';
import { curves } from '../../texts/curves.ts';
import { numbersOf } from './points.ts';

const { says: texts } = curves;
/** A sentence has no room for how many more could be asked: the table has it. */
const numbers = ({ figure }: PresetSaid) => ({ ...numbersOf(figure), n: count(figure.probes) });

/** What a run shows, in one sentence. */
export function sentenceOf(says: Says): string {
  switch (says.kind) {
    case 'missing':
      return texts.missing(count(says.missing));
    case 'apart': {
      const { most, least, others } = says;
      return texts.apart(most.at, most.line, numbers(most), least.line, numbers(least), others);
    }
    case 'alike':
      return texts.alike(
        says.all[0].at,
        says.all.map((said) => ({ line: said.line, ...numbers(said) })),
      );
    case 'half':
      return texts.half(
        says.lines.map(({ line, first, last }) => ({
          line,
          at: (first ?? last).at,
          isLost: first !== null,
          numbers: numbers(first ?? last),
        })),
      );
    case 'pairs':
      return texts.pairs(
        says.pairs[0].first.at,
        says.pairs.map(({ first, second, isBelow, isAbove }) => ({
          first: first.line,
          second: second.line,
          f: numbers(first),
          s: numbers(second),
          how: isBelow ? 'below' : isAbove ? 'above' : 'alike',
        })),
      );
  }
}
