// The runtime's products of matrices, and the share of that speed that the lab reaches.
import * as ort from 'onnxruntime-web';
import { openModel, openSuite } from '../../cli/folder.ts';
import { flopsOfAll } from '../flops.ts';
import { GraphWriter } from '../graph.ts';
import { firstProbes, Lab } from '../lab.ts';
import { median, secondsOf } from '../numbers.ts';
import type { Measured } from '../parts/part.ts';
import type { PeakData } from '../parts/peak.ts';
import { answer } from '../program.ts';

/** A graph runs at least so many operations, so that what a run costs beside them does not show. */
const leastFlops = 4e8;

interface Product {
  m: number;
  k: number;
  n: number;
}

/**
 * A graph of so many products [m, k] · [k, n] of one input with different constant matrices, as in a model. One row of each
 * result comes out: copying all of it would be timed, too.
 */
function productGraph({ m, k, n }: Product, count: number): Uint8Array {
  const graph = new GraphWriter();
  const input = graph.input('x', 'float');
  const row = graph.ints('row', m - 1);
  const outputs = Array.from({ length: count }, (_, i) => {
    const matrix = Float32Array.from({ length: k * n }, (_, at) => ((at * 7 + i) % 13) - 6);
    const product = graph.op('MatMul', `product${i}`, [input, graph.floats(`matrix${i}`, [k, n], matrix)]);
    return graph.op('Gather', `row${i}`, [product, row], { axis: 0 });
  });
  return graph.bytes(outputs);
}

async function openProduct(product: Product) {
  const { m, k, n } = product;
  const count = Math.ceil(leastFlops / (2 * m * k * n));
  const session = await ort.InferenceSession.create(productGraph(product, count), {
    executionProviders: ['wasm'],
    logSeverityLevel: 3,
  });
  const x = new ort.Tensor(
    'float32',
    Float32Array.from({ length: m * k }, (_, at) => (at % 11) - 5),
    [m, k],
  );
  return { flops: 2 * m * k * n * count, run: () => session.run({ x }) };
}

await answer(async ({ quick, rounds, threads }): Promise<Measured<PeakData>> => {
  const model = await openModel('bert-small');
  const probes = firstProbes(model, await openSuite('facts'), quick ? 192 : 1024);
  const rows = probes.flatMap((probe) => probe.rows.flat());
  const lengths = rows.map(({ ids }) => ids.length);
  // As many tokens as 32 prompts have, and 32 places where words are predicted.
  const tokens = 32 * Math.round(median(lengths));
  const shapes = new Map<string, Product>([['', { m: 1024, k: 1024, n: 1024 }]]);
  for (const {
    role,
    shape: [n, k],
  } of model.sites) {
    const m = role === 'head' ? 32 : tokens;
    shapes.set([m, k, n].join(), { m, k, n });
  }
  ort.env.wasm.numThreads = threads;
  const products = [];
  for (const product of shapes.values())
    products.push({ ...product, seconds: [] as number[], ...(await openProduct(product)) });
  const lab = await Lab.open(ort, model, threads);
  const seconds: number[] = [];

  // Several runs a round, of which the middle one counts. Round 0 is not timed.
  const repeats = quick ? 3 : 7;
  for (let round = 0; round <= rounds; round++) {
    for (const product of products) {
      const times: number[] = [];
      for (let repeat = 0; repeat < repeats; repeat++) times.push(await secondsOf(product.run));
      if (round > 0) product.seconds.push(median(times));
    }
    const time = await secondsOf(() => lab.predict(probes));
    if (round > 0) seconds.push(time);
  }
  return {
    versions: { Node: process.versions.node, 'onnxruntime-web': String(ort.env.versions.web) },
    data: {
      threads,
      products: products.map(({ m, k, n, flops, seconds }) => ({ m, k, n, flops, seconds })),
      lab: { probes: probes.length, ...flopsOfAll(model.sites, rows), seconds },
    },
  };
});
