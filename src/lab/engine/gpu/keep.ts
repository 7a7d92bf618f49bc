import { type Bound, groupsFor, groupThreads, type Kernels, writesMatrix } from './kernels.ts';
import type { Member } from './select.ts';

const keepCode = (n: number, m: number) => /* wgsl */ `
${writesMatrix('u32')}

@compute @workgroup_size(${groupThreads})
fn keep(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let runs = matrix.length / ${m};
  for (var run = id.x; run < runs; run += groups.x * ${groupThreads}) {
    let start = (run / matrix.rows) * ${m} * matrix.rows + run % matrix.rows;
    for (var i = 0u; i < ${m}; i++) {
      let bits = source[start + i * matrix.rows];
      let key = bits & 0x7fffffff;
      var rank = 0u;
      for (var j = 0u; j < ${m}; j++) {
        let other = source[start + j * matrix.rows] & 0x7fffffff;
        rank += select(0u, 1u, other > key || (other == key && j < i));
      }
      target_[start + i * matrix.rows] = select(0u, bits, rank < ${n});
    }
  }
}`;

/** Of every m inputs of an output row the n largest magnitudes stay: copyLargest on a GPU, to the bit. */
export function keepOnGpu(kernels: Kernels, { shape, source, target, length }: Member, n: number, m: number): Bound {
  return kernels.bind(`keep ${n} of ${m}`, () => keepCode(n, m), [shape, source, target], groupsFor(length / m));
}
