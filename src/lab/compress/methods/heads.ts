import type { z } from 'zod';
import { LabError } from '../../errors.ts';
import type { Site } from '../../model/site.ts';
import { type Context, type Matrix, type Method, together } from '../method.ts';
import { checkFinite } from '../shared/finite.ts';
import { Cuts, describeParts, groupBy, lots, lowest, needOf, partParams, said, strengths } from '../shared/parts.ts';
import { roundHalfEven } from '../shared/select.ts';
import { shareAxis } from '../shared/sparsity.ts';

const params = partParams('Heads removed', 'Share of all attention heads of the scope that go.');
type Params = z.output<typeof params>;

/**
 * Whole attention heads, ranked over the whole scope as in Michel et al. 2019, section 4, but by what needs no gradient.
 * Where keys and values are shared (Ainslie et al. 2023), they go with the last head that reads them.
 */
export const heads: Method<Params> = {
  id: 'heads',
  label: 'Remove attention heads',
  term: 'structured head pruning',
  kind: 'prune',
  group: 'structure',
  help:
    'Removes whole attention heads, the weakest of the scope first: their queries, keys, values and outputs become zero. ' +
    'Some heads can mostly go for nothing; then it hurts at once. Works on the whole model or the attention block.',
  citation: {
    text: 'Michel et al. 2019, Are Sixteen Heads Really Better than One?',
    url: 'https://arxiv.org/abs/1905.10650',
  },
  needs: needOf,
  fits: (sites, _, model) => said(whyNot(sites, model)),
  params,
  axis: shareAxis('Heads removed'),
  describe: (given) => describeParts('the attention heads', given),
  apply: (matrices, given, context) => together(() => removeHeads(matrices, given, context)),
};

const kinds = new Set(['query', 'key', 'value', 'query-key-value', 'attention-output']);

const attentionOf = ({ stack, layer, cross, kind }: Site) => (kinds.has(kind) ? `${stack} ${layer} ${cross}` : null);

/** Why these layers have no heads that could be removed, or null. */
function whyNot(sites: readonly Site[], { heads }: Pick<Context, 'heads'>): string | null {
  const attention = sites.filter((site) => attentionOf(site) !== null);
  if (attention.length === 0) return 'The scope has no attention.';
  if (heads === 0) return 'config.json does not say how many attention heads the model has.';
  for (const site of attention) {
    const output = attention.find(
      (other) => other.kind === 'attention-output' && attentionOf(other) === attentionOf(site),
    );
    if (!output) return `The scope has ${site.name}, but not the attention output that reads it.`;
    const [, columns] = output.shape;
    if (columns % heads !== 0)
      return `config.json says ${heads} attention heads, which do not fill the ${columns} inputs of ${output.name}.`;
  }
  return null;
}

/** A stretch of a matrix that belongs to a head: rows, but of the attention output columns. */
interface Stretch {
  matrix: Matrix;
  from: number;
  to: number;
  /** Set for keys and values: which of the attention's key-value heads it is. */
  shared?: string;
}

function removeHeads(matrices: readonly Matrix[], { sparsity, criterion, seed }: Params, context: Context): Matrix[] {
  matrices.forEach(checkFinite);
  const why = whyNot(
    matrices.map(({ site }) => site),
    context,
  );
  if (why) throw new LabError('bad-recipe', `heads: ${why}`, 'Choose the scope attention-block or overall.');
  const attentions = groupBy(matrices, ({ site }) => attentionOf(site));
  const all = attentions.flatMap((members, number) => headsOf(members, number, context));
  const scores = criterion === 'random' ? lots(all.length, seed) : scoresOf(all, criterion === 'activation', context);
  const gone = lowest(scores, roundHalfEven(sparsity * all.length));
  const read = new Set(all.flatMap((head, i) => (gone.has(i) ? [] : head.flatMap(({ shared }) => shared ?? []))));
  const cuts = new Cuts();
  for (const i of gone)
    for (const { matrix, from, to, shared } of all[i]) {
      if (shared !== undefined && read.has(shared)) continue;
      if (matrix.site.kind === 'attention-output') cuts.columns(matrix, from, to);
      else cuts.rows(matrix, from, to);
    }
  return cuts.apply(matrices);
}

/** The heads of one attention, each as the stretches that belong to it. */
function headsOf(members: readonly Matrix[], number: number, { heads, keyValueHeads }: Context): Stretch[][] {
  const output = members.find(({ site }) => site.kind === 'attention-output')!;
  const size = output.columns / heads;
  return Array.from({ length: heads }, (_, head) => {
    const group = Math.floor((head * keyValueHeads) / heads);
    const own = { from: head * size, to: (head + 1) * size };
    const shared = { from: group * size, to: (group + 1) * size, shared: `${number} ${group}` };
    return members.flatMap((matrix): Stretch[] => {
      const { kind } = matrix.site;
      if (kind === 'key' || kind === 'value') return [{ matrix, ...shared }];
      if (kind !== 'query-key-value') return [{ matrix, ...own }];
      // Queries, keys and values lie below each other in one matrix.
      const behind = [heads * size, (heads + keyValueHeads) * size];
      return [
        { matrix, ...own },
        ...behind.map((rows) => ({ matrix, ...shared, from: rows + shared.from, to: rows + shared.to })),
      ];
    });
  });
}

function scoresOf(all: readonly Stretch[][], byActivation: boolean, context: Context): number[] {
  const known = new Map<Matrix, ReturnType<typeof strengths>>();
  const of = (matrix: Matrix) => {
    const found = known.get(matrix) ?? strengths(matrix, byActivation, context);
    known.set(matrix, found);
    return found;
  };
  const isShared = context.heads !== context.keyValueHeads;
  return all.map((head) => {
    let sum = 0;
    for (const { matrix, from, to, shared } of head) {
      const isOutput = matrix.site.kind === 'attention-output';
      // What a head adds to the block is told by its columns of the output; what it shares is not its own.
      if ((byActivation && !isOutput) || (shared !== undefined && isShared)) continue;
      const strength = isOutput ? of(matrix).byColumn : of(matrix).byRow;
      for (let i = from; i < to; i++) sum += strength[i];
    }
    return sum;
  });
}
