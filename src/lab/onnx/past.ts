import { LabError } from '../errors.ts';
import type { GraphProto } from './gen/onnx_pb.ts';
import { intAttribute } from './onnx.ts';
import { int64Tensor } from './tensors.ts';

/** Inputs that hold keys and values of earlier tokens, as optimum names them. */
const isPast = (name: string) => /^past_(key_values|key|value)/.test(name);

/**
 * Takes the past out of a decoder's graph. The lab reads every text from its beginning, so that past is always empty:
 * where it is joined to something, that something stays alone, and where its length is asked, it is 0.
 *
 * @throws LabError `bad-model` where the past is used in another way
 */
export function dropPast(graph: GraphProto): void {
  const past = graph.input.filter(({ name = '' }) => isPast(name));
  if (past.length === 0) return;
  const shapes = new Map(
    past.map(({ name = '', type }) => {
      const dims = type?.value.case === 'tensorType' ? (type.value.value.shape?.dim ?? []) : [];
      // [batch, heads, length, width]: what is not a number is the batch, which nobody reads from here, or the length.
      return [name, dims.map(({ value }) => (value.case === 'dimValue' ? Number(value.value) : 0))];
    }),
  );
  for (const node of graph.node) {
    const used = node.input.find((name) => shapes.has(name));
    if (used === undefined) continue;
    if (node.opType === 'Concat') node.input = node.input.filter((name) => !shapes.has(name));
    else if (node.opType === 'Shape') {
      const all = shapes.get(used)!;
      const dims = all.slice(intAttribute(node, 'start', 0), intAttribute(node, 'end', all.length));
      graph.initializer.push(int64Tensor(node.output[0], [dims.length], dims));
    } else
      throw new LabError(
        'bad-model',
        `The model reads ${used} with ${node.opType}, which the lab cannot take out.`,
        'Export it without a past (optimum: task text-generation, not text-generation-with-past).',
      );
  }
  graph.node = graph.node.filter(({ opType, input }) => !(opType === 'Shape' && shapes.has(input[0])));
  graph.input = graph.input.filter(({ name = '' }) => !shapes.has(name));
  graph.output = graph.output.filter(({ name = '' }) => !name.startsWith('present'));
}
