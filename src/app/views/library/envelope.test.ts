import { parquetReadObjects } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseRecipe } from '../../../lab/compress/recipe.ts';
import { engineRevision, resultKey } from '../../../lab/result/key.ts';
import type { Result } from '../../../lab/result/schema.ts';
import { models, suites } from '../../shipped.ts';
import { probeLayoutOf } from '../../storage/probe-layouts.ts';
import { failure, makeStored, probeList } from '../../test/fixture.ts';
import { readFile, toItem, writeFile } from './envelope.ts';
import { answerColumns } from './tables.ts';

const [model] = models;
const [suite] = suites;
const layout = probeLayoutOf(probeList);
const setting = { model, suite, template: suite.wordings[0] };

/** A result of what is shipped, under its own key. */
function stored(asked: number, steps: unknown[] = [{ method: 'rtn', scope: 'block-1.query', bits: 3 }]): Result {
  const recipe = parseRecipe(steps);
  return makeStored(resultKey({ ...setting, recipe }), asked, {
    model: { name: model.id, sha256: model.sha256, family: model.family, parameters: model.parameters },
    suite: { name: suite.id, sha256: suite.sha256 },
    template: setting.template,
    recipe,
    of: probeList.order.length,
  });
}

const of = async () => probeList.order.length;
const unknown = async () => null;
const fileOf = (...all: Result[]) =>
  writeFile(
    all.map((one) => toItem({ result: one, tags: ['lesson'] }, layout)),
    new Date(0),
  ).text();

describe('a file of results', () => {
  it('brings everything back, answers bit by bit', async () => {
    const first = stored(200);
    // A choice of fewer options leaves the rest there.
    first.predictions.topLogProbs[3] = Number.NEGATIVE_INFINITY;
    const uncompressed = stored(192, []);
    uncompressed.entry.report = { ...uncompressed.entry.report, sites: [], touched: null };
    const told: number[] = [];
    const { results, leftOut } = await readFile(await fileOf(first, uncompressed), of, (done) => told.push(done));
    expect(results).toEqual([
      { result: first, tags: ['lesson'] },
      { result: uncompressed, tags: ['lesson'] },
    ]);
    expect(leftOut).toEqual({});
    expect(told).toEqual([1, 2]);
  });

  it('holds the command line’s results, a line each', async () => {
    const text = await fileOf(stored(200));
    const { format, version, made, results } = JSON.parse(text);
    expect([format, version, made]).toEqual(['lossy-results', 1, '1970-01-01T00:00:00.000Z']);
    expect(results[0].result).toMatchObject({ probes: 200, hits: 67, accuracy: 67 / 200, answers: 'single-token' });
    expect(Object.keys(results[0].result.relations)).toEqual(['capital', 'is-a', 'made-of']);
    expect(text.trim().split('\n')).toHaveLength(3);
  });

  let good: string;
  beforeAll(async () => {
    good = await fileOf(stored(200));
  });

  it.each<[string, (file: ReturnType<typeof JSON.parse>) => void, string]>([
    [
      'another format',
      (file) => {
        file.format = 'zip';
      },
      'format',
    ],
    [
      'a newer version',
      (file) => {
        file.version = 2;
      },
      'version',
    ],
    [
      'no result',
      (file) => {
        file.results = [];
      },
      'results',
    ],
    [
      'another recipe',
      ({ results: [item] }) => {
        item.result.recipe[0].bits = 4;
      },
      'its key does not belong',
    ],
    [
      'another scope',
      ({ results: [item] }) => {
        item.result.recipe[0].scope = 'block-2.query';
      },
      'its key does not belong',
    ],
    [
      'another wording',
      ({ results: [item] }) => {
        item.result.template = 'held-out';
      },
      'its key does not belong',
    ],
    [
      'another suite',
      ({ results: [item] }) => {
        item.result.suite.sha256 = 'f'.repeat(64);
      },
      'its key does not belong',
    ],
    [
      'another family',
      ({ results: [item] }) => {
        item.result.model.family = 'decoder';
        item.result.model.parameters = 1;
      },
      'says other things',
    ],
    [
      'a recipe that is none',
      ({ results: [item] }) => {
        item.result.recipe = [{ method: 'gzip' }];
      },
      'Step 1: method is "gzip"',
    ],
    [
      'more hits',
      ({ results: [item] }) => {
        item.result.hits++;
      },
      'its answers have 67',
    ],
    [
      'more answers than questions',
      ({ results: [item] }) => {
        item.of = 100;
      },
      '200 answers to 100 questions',
    ],
    [
      'another number of questions',
      ({ results: [item] }) => {
        item.of = 4000;
      },
      'it has 4000 questions; this lab asks 1200',
    ],
    [
      'answers that are cut off',
      ({ results: [item] }) => {
        item.answers.ranks = item.answers.ranks.slice(4);
      },
      'answers.ranks has not 200',
    ],
    [
      'answers that are no base64',
      ({ results: [item] }) => {
        item.answers.topIds = '*'.repeat(item.answers.topIds.length);
      },
      'answers.topIds',
    ],
    [
      'a rank of nought',
      ({ results: [item] }) => {
        item.answers.ranks = btoa('\0'.repeat(800));
      },
      'one of its ranks is 0',
    ],
    [
      'a log-probability above 0',
      ({ results: [item] }) => {
        item.answers.goldLogProbs = btoa(String.fromCharCode(...new Uint8Array(new Float32Array(200).fill(2).buffer)));
      },
      'above 0',
    ],
    [
      'no number among log-probabilities',
      ({ results: [item] }) => {
        item.answers.goldLogProbs = btoa(
          String.fromCharCode(...new Uint8Array(new Float32Array(200).fill(Number.NaN).buffer)),
        );
      },
      'no number',
    ],
    [
      'sizes that are none',
      ({ results: [item] }) => {
        item.whole.total.bytes.smallest = -1;
      },
      'whole.total.bytes.smallest',
    ],
    [
      'a date that no Date can hold',
      ({ results: [item] }) => {
        item.savedAt = 8.64e15 + 1;
      },
      'savedAt: there is no such date',
    ],
    [
      'a tag that is too long',
      ({ results: [item] }) => {
        item.tags = ['y'.repeat(41)];
      },
      'tags',
    ],
    [
      'a key that is none',
      ({ results: [item] }) => {
        item.result.key = 'k';
      },
      'result.key',
    ],
  ])('with %s is refused, and says what is wrong', async (_, change, words) => {
    const file = JSON.parse(good);
    change(file);
    const { kind, message } = await failure(() => readFile(JSON.stringify(file), of));
    expect(kind).toBe('bad-file');
    expect(message).toContain(words);
  });

  it('that is cut off is refused', async () =>
    expect((await failure(() => readFile(good.slice(0, -10), of))).message).toContain('cut off'));

  it('names the result that is wrong', async () => {
    const file = JSON.parse(await fileOf(stored(192), stored(200)));
    file.results[1].result.hits++;
    expect((await failure(() => readFile(JSON.stringify(file), unknown))).message).toMatch(/^Result 2 of 2: /);
  });

  it('of a model that is not known here is taken by its own tokenizer’s hash', async () => {
    const other = { ...model, sha256: 'd'.repeat(64), tokenizerSha256: 'e'.repeat(64) };
    const file = JSON.parse(good);
    const [item] = file.results;
    item.result.model = { ...item.result.model, name: 'another', sha256: other.sha256 };
    item.tokenizerSha256 = other.tokenizerSha256;
    const { recipe } = stored(1).entry;
    expect((await failure(() => readFile(JSON.stringify(file), unknown))).message).toContain('its key does not belong');
    item.result.key = resultKey({ ...setting, model: other, recipe });
    const { results } = await readFile(JSON.stringify(file), unknown);
    expect(results[0].result.entry.model.name).toBe('another');
  });
});

describe('what the command line prints', () => {
  let line: Record<string, unknown>;
  beforeAll(async () => {
    const { results } = JSON.parse(await fileOf(stored(200)));
    const [{ result, tags, ...kept }] = results;
    line = { ...result, kept };
  });
  const jsonl = (...lines: object[]) => lines.map((one) => `${JSON.stringify(one)}\n`).join('');

  it('is taken where it holds every answer: one result, or a study of many', async () => {
    const one = { result: stored(200), tags: [] };
    expect(await readFile(JSON.stringify(line, null, 2), of)).toEqual({ results: [one], leftOut: {} });
    const made = { status: 'done', meanLogProb: -1, limit: 200, engine: engineRevision, version: '1.0.0' };
    expect(await readFile(jsonl({ ...line, ...made }, line), of)).toEqual({ results: [one, one], leftOut: {} });
  });

  it('is left out, counted by reason, where this page cannot keep it', async () => {
    const { kept, ...alone } = line;
    const { hits, report, ...failed } = alone;
    const text = jsonl(
      line,
      alone,
      alone,
      { ...failed, status: 'failed', error: { kind: 'bad-recipe', message: 'm', advice: 'a' } },
      { ...line, answers: 'any' },
      { ...line, engine: engineRevision - 1 },
      { ...line, model: { ...(line.model as object), name: 'My model' } },
    );
    const { results, leftOut } = await readFile(text + JSON.stringify(line).slice(0, 300), of);
    expect(results).toHaveLength(1);
    expect(leftOut).toEqual({ alone: 2, failed: 1, several: 1, revision: 1, names: 1, half: 1 });
    expect(await readFile(JSON.stringify(alone), of)).toEqual({ results: [], leftOut: { alone: 1 } });
  });

  it.each<[string, (text: string) => string, string]>([
    ['a number was changed', (text) => text.replace('"hits":67', '"hits":68'), 'Line 2: it says 68 hits'],
    ['a recipe was changed', (text) => text.replace('"bits":3', '"bits":2'), 'Line 2: its key does not belong'],
    ['an answer is missing', (text) => text.replace('"ranks":"', '"ranks":"A'), 'Line 2: answers.ranks'],
    ['a line is something else', () => '{"key":"k"}', 'Line 2 is no result of this lab: key'],
    ['a line is no JSON', () => 'hello', 'line 2 cannot be read'],
  ])('is refused as a whole where %s', async (_, change, words) => {
    const good = JSON.stringify(line);
    expect(change(good)).not.toBe(good);
    const { kind, message } = await failure(() => readFile(`${good}\n${change(good)}\n${good}\n`, of));
    expect(kind).toBe('bad-file');
    expect(message).toContain(words);
  });
});

describe('a Parquet file of answers', () => {
  it('is read back as it was', async () => {
    const first = stored(200);
    first.predictions.topLogProbs[3] = Number.NEGATIVE_INFINITY;
    const file = parquetWriteBuffer({ columnData: answerColumns([first, stored(192, [])]) });
    const rows = await parquetReadObjects({ file });
    expect(rows).toHaveLength(392);
    expect(rows[7]).toMatchObject({
      key: first.entry.key,
      place: 7,
      rank: 2,
      gold_log_prob: first.predictions.goldLogProbs[7],
      top_id_1: 35,
      top_id_5: 39,
    });
    expect(rows[0].top_log_prob_4).toBe(Number.NEGATIVE_INFINITY);
    expect(rows[200]).toMatchObject({ place: 0, key: stored(1, []).entry.key });
  });
});
