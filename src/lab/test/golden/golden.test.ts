import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ActivationQuantizer, CodeGrid, Context, Matrix, Method } from '../../compress/method.ts';
import { isMethodId, methods } from '../../compress/methods/index.ts';
import { roundHalfEven } from '../../compress/shared/select.ts';
import { startMatrix } from '../../compress/size.ts';
import type { SiteKind, Stack } from '../../model/site.ts';
import { activationsFrom, compress, makeSite } from '../matrices.ts';

// Every method against PyTorch code written from its paper: training/reference made the files beside this one.

interface Inputs {
  heads: Record<string, { heads: number; keyValueHeads: number }>;
  matrices: Record<string, Input[]>;
  /** Number of inputs → what entered, [tokens, inputs]. */
  activations: Record<string, string>;
}

interface Input {
  name: string;
  kind: SiteKind;
  layer: number | null;
  stack: Stack;
  cross: boolean;
  rows: number;
  columns: number;
  values: string;
  /** The weights of the uncompressed model, where `values` are others. */
  original?: string;
}

interface Case {
  method: string;
  params: Record<string, unknown>;
  /** Which of {@link Inputs.matrices}, and which of them by name; all where not given. */
  input: string;
  sites?: string[];
  /** Of methods that only remove: one bit a weight, lowest first, set where it is not zero now. One entry a matrix. */
  kept?: string[];
  /** Of all others: the weights. */
  values?: string[];
  extra?: {
    /** [matrix, row, column] of weights that lay half-way between two levels, to 1e-6 of a step: either will do. */
    ties?: [number, number, number][];
    columnScales?: string[];
    keptColumns?: number[][];
    activations?: ActivationQuantizer;
    /** Two texts a matrix, [tokens, inputs], and what torch's own layer answers, [tokens, outputs]. */
    texts?: string[];
    answers?: string[];
  };
}

/** How far values may be off, relative to the largest magnitude of their matrix. */
const tolerance = 1e-5;

const folder = new URL('./', import.meta.url);
const read = <T>(name: string): T => JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as T;
const bytesOf = (base64: string) => Uint8Array.from(Buffer.from(base64, 'base64'));
const floatsOf = (base64: string) => new Float32Array(bytesOf(base64).buffer);
const inputs = read<Inputs>('inputs');
const casesOf = (id: string) => read<{ format: string; cases: Case[] }>(id).cases;

function matrixOf({ name, kind, layer, stack, cross, rows, columns, values }: Input): Matrix {
  return startMatrix({ site: makeSite(name, rows, columns, { kind, layer, stack, cross }), values: floatsOf(values) });
}

const rowsOf = (values: Float32Array, columns: number) =>
  Array.from({ length: values.length / columns }, (_, row) => [...values.subarray(row * columns, (row + 1) * columns)]);

const measured = new Map(
  Object.entries(inputs.activations).map(([columns, text]) => [
    Number(columns),
    activationsFrom(rowsOf(floatsOf(text), Number(columns))),
  ]),
);

function run(method: Method, { params, input, sites }: Case): { given: Matrix[]; made: Matrix[] } {
  const chosen = inputs.matrices[input].filter(({ name }) => sites === undefined || sites.includes(name));
  const given = chosen.map(matrixOf);
  const context: Partial<Context> = {
    ...inputs.heads[input],
    original: new Map(chosen.map(({ name, values, original }) => [name, floatsOf(original ?? values)])),
    activations: new Map(
      given.flatMap(({ site, columns }) => {
        const activations = measured.get(columns);
        return activations ? [[site.name, activations] as const] : [];
      }),
    ),
  };
  return { given, made: compress(method, given, method.params.parse(params) as Record<string, unknown>, context) };
}

const largest = (values: Float32Array) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** The first weight that fails a test, as [site, row, column, what is there, what should be]; null where none does. */
function firstOff(matrix: Matrix, expected: Float32Array, isOff: (value: number, right: number, i: number) => boolean) {
  const at = matrix.values.findIndex((value, i) => isOff(value, expected[i], i));
  if (at < 0) return null;
  const row = Math.floor(at / matrix.columns);
  return [matrix.site.name, row, at % matrix.columns, matrix.values[at], expected[at]];
}

/** What a value is in steps of its grid: a whole number and its zero point, or the place of the nearest level. */
function codeOf(grid: CodeGrid, columns: number, value: number, i: number): number {
  const scale = grid.scales[Math.floor(i / grid.group)];
  const coded = (value * (grid.columnScales?.[i % columns] ?? 1)) / scale;
  if (grid.kind === 'uniform') return coded;
  if (scale === 0) return 0;
  let nearest = 0;
  grid.levels.forEach((level, place) => {
    if (Math.abs(level - coded) < Math.abs(grid.levels[nearest] - coded)) nearest = place;
  });
  return nearest;
}

/** The methods that have a golden file here. */
const found = readdirSync(folder)
  .filter((name) => name.endsWith('.json') && name !== 'inputs.json')
  .map((name) => name.slice(0, -'.json'.length));

it('every golden file belongs to a method', () => {
  expect(found.filter((id) => !isMethodId(id))).toEqual([]);
});

describe.each(Object.entries<Method>(methods))('%s is what its paper says', (id, method) => {
  if (!found.includes(id)) {
    it('has a golden file', () => {
      expect.fail(
        `src/lab/test/golden/${id}.json is missing. Add ${id} to training/reference/methods.py and its cases to ` +
          'cases() in golden.py, then run python3 -m training.reference.golden.',
      );
    });
    return;
  }
  const cases = casesOf(id).map((golden) => [titleOf(golden), golden] as const);

  it.each(cases)('%s', (_, golden) => {
    const { given, made } = run(method, golden);
    const { kept, values, extra } = golden;
    expect(golden.method).toBe(id);
    expect(made).toHaveLength((kept ?? values)!.length);
    made.forEach((matrix, number) => {
      if (kept) expectMask(matrix, given[number], bytesOf(kept[number]));
      else expectValues(matrix, given[number], floatsOf(values![number]), tiesOf(golden, number));
      const { grid } = matrix.storage;
      if (extra?.columnScales) expectScales(grid?.columnScales, floatsOf(extra.columnScales[number]));
      if (extra?.keptColumns) expect([...(grid?.keptColumns ?? [])]).toEqual(extra.keptColumns[number]);
      if (extra?.activations) expect(matrix.activations).toEqual(extra.activations);
      if (extra?.texts)
        for (const text of [2 * number, 2 * number + 1])
          expectAnswer(matrix, floatsOf(extra.texts[text]), floatsOf(extra.answers![text]));
    });
  });
});

function titleOf({ params, input, sites }: Case): string {
  return `${JSON.stringify(params)} on ${sites?.join(', ') ?? input}`;
}

function tiesOf({ extra }: Case, number: number): Set<string> {
  return new Set((extra?.ties ?? []).flatMap(([n, row, column]) => (n === number ? [`${row},${column}`] : [])));
}

/** Exactly the weights that should go are gone, and the others are as they were. */
function expectMask(matrix: Matrix, given: Matrix, kept: Uint8Array): void {
  const expected = given.values.map((value, i) => ((kept[i >> 3] >> (i & 7)) & 1 ? value : 0));
  expect(firstOff(matrix, expected, (value, right) => value !== right)).toBeNull();
}

/**
 * Values are within the tolerance of the largest of their matrix. Where there is a grid, both lie on the same level of it
 * besides (within a quarter of a step of the run's own scale, however small), but for ties, which may be one level off.
 * What is zero is zero, if zeros survive this method.
 */
function expectValues(matrix: Matrix, given: Matrix, expected: Float32Array, ties: Set<string>): void {
  const { grid, rank, correction } = matrix.storage;
  const { columns } = matrix;
  const allowed = tolerance * largest(expected);
  const tied = (i: number) => ties.has(`${Math.floor(i / columns)},${i % columns}`);
  expect(
    firstOff(matrix, expected, (value, right, i) => Math.abs(value - right) > allowed && !tied(i)),
    'values',
  ).toBeNull();
  if (grid && matrix !== given && !correction) {
    const kept = new Set(grid.keptColumns);
    const steps = (value: number, i: number) => codeOf(grid, columns, value, i);
    expect(
      firstOff(matrix, expected, (value, right, i) =>
        kept.has(i % columns)
          ? value !== right
          : Math.abs(steps(value, i) - steps(right, i)) > (tied(i) ? 1.001 : 0.25),
      ),
      'codes',
    ).toBeNull();
  } else if (rank === undefined && correction === undefined)
    expect(
      firstOff(matrix, expected, (value, right) => (value === 0) !== (right === 0)),
      'zeros',
    ).toBeNull();
}

function expectScales(scales: Float32Array | undefined, expected: Float32Array): void {
  expect(scales).toHaveLength(expected.length);
  expect(scales!.findIndex((scale, c) => Math.abs(scale / expected[c] - 1) > tolerance)).toBe(-1);
}

/** The layer as the runtime computes it: its input on one grid a text, as matrix.activations says, times the weights. */
function expectAnswer({ values, activations, rows, columns }: Matrix, text: Float32Array, answer: Float32Array): void {
  if (activations?.kind !== 'text-affine') throw new Error('This layer leaves its input alone.');
  const low = Math.min(0, ...text);
  const high = Math.max(0, ...text);
  const { top } = activations;
  const exact = (high - low) / top;
  const fromLow = -low / exact;
  const fromHigh = top - high / exact;
  const zero = roundHalfEven(low / exact < top - high / exact ? fromLow : fromHigh);
  const scale = Math.fround(exact);
  const inverse = Math.fround(1 / scale);
  const inputs = text.map((x) => (roundHalfEven(Math.fround(x * inverse + zero)) - zero) * scale);
  const allowed = tolerance * largest(answer);
  answer.forEach((right, place) => {
    const token = Math.floor(place / rows);
    const row = place % rows;
    let sum = 0;
    for (let c = 0; c < columns; c++) sum += values[row * columns + c] * inputs[token * columns + c];
    expect(Math.abs(sum - right)).toBeLessThanOrEqual(allowed);
  });
}
