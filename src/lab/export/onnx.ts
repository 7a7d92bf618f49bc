import { makeNode } from '../onnx/onnx.ts';
import { transpose } from '../onnx/tensors.ts';
import { isExact, weightTensor } from './floats.ts';
import type { ExportFormat } from './format.ts';
import { openGraphs, type Placed, writeGraphs } from './graphs.ts';
import { metadataOf } from './metadata.ts';

/** The model’s own graph with other weights in it. */
export const onnx: ExportFormat = {
  id: 'onnx',
  label: 'ONNX, dense',
  help:
    'The model’s own graph with the new weights in it, zeros written out. Everything that ran the model runs it, at ' +
    'the same speed and size: take another format to have fewer bytes.',
  runs: true,
  write(job) {
    const { graphs, placed } = openGraphs(job);
    for (const entry of placed) writeDense(entry);
    return writeGraphs(graphs, metadataOf(job));
  },
};

/**
 * Writes a matrix into its graph as a dense one: in the file's data type where that holds every value, else in the one
 * that the graph computes in. A matrix that something else reads too (the word embedding, say) gets one of its own.
 */
export function writeDense({ matrix: { values, rows, columns }, graph, place }: Placed): void {
  const { site, node, tensor, cast, type, turned } = place;
  const stored = tensor.dataType ?? 0;
  // Without a Cast the graph computes in the file's type, and the lab rounds to it as well.
  const keepsType = !cast || isExact(values, stored);
  const dataType = keepsType ? stored : type;
  if (graph.isAlone(place)) {
    const laid = site.transposed ? transpose(values, rows, columns) : values;
    graph.replaceTensor(tensor, weightTensor(tensor.name ?? '', tensor.dims.map(Number), laid, dataType));
    return;
  }
  const laid = turned ? values : transpose(values, rows, columns);
  const dims = turned ? [rows, columns] : [columns, rows];
  let operand = graph.add(weightTensor(graph.unique(`${site.name}.weight`), dims, laid, dataType));
  if (dataType !== type) {
    const wide = graph.unique(`${operand}.cast`);
    graph.before(node, makeNode('Cast', wide, [operand], [wide], { to: type }));
    operand = wide;
  }
  graph.setInput(node, site.input, operand);
}
