/** A prompt with one blank. */
export interface Prompt {
  text: string;
  /** How many tokens it has. */
  tokens: number;
}

/** One way to ask the prompts. */
export interface Contestant {
  name: string;
  /**
   * `alone` and `batched` are transformers.js, `plain` is the runtime with nothing around it. `native` is no WebAssembly:
   * a ceiling, with which no ratio is made but its own.
   */
  kind: 'alone' | 'batched' | 'plain' | 'native' | 'lab';
  /** Asks all of the prompts. Returns the token number of the highest word for each, in their order. */
  ask(): Promise<ArrayLike<number>>;
}

/** Ways to ask in WebAssembly: transformers.js on its own runtime and on the lab's, and the lab's runtime by hand. */
export function usualContestants(
  own: Asked<'alone' | 'batched' | 'sorted'>,
  onOurs: Asked<'sorted'>,
  plain: Asked<'batched' | 'sorted'>,
): Contestant[] {
  return [
    { name: 'transformers.js, one by one', kind: 'alone', ask: () => own.ask('alone') },
    { name: 'transformers.js, arrays of 32', kind: 'batched', ask: () => own.ask('batched') },
    { name: 'transformers.js, arrays of 32, sorted', kind: 'batched', ask: () => own.ask('sorted') },
    { name: 'transformers.js, sorted, lab’s runtime', kind: 'batched', ask: () => onOurs.ask('sorted') },
    { name: 'onnxruntime-web by hand, arrays of 32', kind: 'plain', ask: () => plain.ask('batched') },
    { name: 'onnxruntime-web by hand, sorted', kind: 'plain', ask: () => plain.ask('sorted') },
  ];
}

/** Whoever can be asked in these ways, here or in a worker. */
interface Asked<How extends string> {
  ask(how: How): Promise<ArrayLike<number>>;
}

/** What was measured of a contestant. */
export interface MeasuredRow {
  name: string;
  kind: Contestant['kind'];
  /** Of each round. */
  seconds: number[];
  /** The share of prompts whose highest word is the lab's. */
  agreement: number | null;
}

/** What was measured in one place: Node or a browser. */
export interface Contest {
  place: string;
  prompts: number;
  threads: number;
  rows: MeasuredRow[];
}

/** How many prompts an array holds: as many as the lab took for a pass when that was chosen. */
export const arraySize = 32;

/** How many words are asked for: as many as the lab keeps. */
export const wordsAsked = 5;

/**
 * @param how the prompts in their order, or those of like length together: less padding
 * @returns places of prompts, array by array
 */
export function inArrays(prompts: readonly Prompt[], how: 'batched' | 'sorted', size = arraySize): number[][] {
  const order = Array.from(prompts, (_, i) => i);
  if (how === 'sorted') order.sort((a, b) => prompts[a].tokens - prompts[b].tokens);
  const count = Math.ceil(order.length / size);
  return Array.from({ length: count }, (_, i) => order.slice(i * size, (i + 1) * size));
}

/**
 * Times the contestants: one untimed round, then so many timed ones, in each of which all take their turn. What else
 * the machine does then slows all of them alike.
 *
 * @param contestants one of them of kind `lab`
 */
export async function measure(contestants: readonly Contestant[], rounds: number): Promise<MeasuredRow[]> {
  const answers: ArrayLike<number>[] = [];
  for (const contestant of contestants) answers.push(await contestant.ask());
  const truth = answers[contestants.findIndex(({ kind }) => kind === 'lab')];
  const rows = contestants.map(({ name, kind }, i) => ({
    name,
    kind,
    seconds: [] as number[],
    agreement: agreement(answers[i], truth),
  }));
  for (let round = 0; round < rounds; round++) {
    for (const [i, contestant] of contestants.entries()) {
      const start = performance.now();
      await contestant.ask();
      rows[i].seconds.push((performance.now() - start) / 1000);
    }
  }
  return rows;
}

function agreement(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`${a.length} answers to ${b.length} prompts.`);
  return Array.from(a).filter((id, i) => id === b[i]).length / b.length;
}
