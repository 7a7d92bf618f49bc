import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readFile } from '../src/app/views/library/envelope.ts';
import { lab, root, someFacts, startLab } from './fixture.ts';

const shipped = join(root, 'public/models/bert-mini');
const card = JSON.parse(readFileSync(join(shipped, 'card.json'), 'utf8'));
const vocabulary = JSON.parse(readFileSync(join(shipped, 'config.json'), 'utf8')).vocab_size;
const temporary = mkdtempSync(join(tmpdir(), 'lossy-cli-'));

afterAll(() => rmSync(temporary, { recursive: true }));
const some = someFacts(join(temporary, 'some-facts'));

/** The one JSON object that a command prints; anything beside it fails the test. */
async function json(...args: string[]) {
  const { code, stdout, stderr } = await lab(...args, '--json');
  expect(stderr).not.toContain('Error');
  expect(code).toBe(0);
  expect(stdout.endsWith('}\n')).toBe(true);
  return JSON.parse(stdout);
}

/** What a failing command says; it prints no result. */
async function fault(code: number, ...args: string[]): Promise<string> {
  const result = await lab(...args);
  expect(result.stdout).toBe('');
  expect(result.code).toBe(code);
  // No stack: the reader can do nothing with it.
  expect(result.stderr).not.toMatch(/^\s+at /m);
  return result.stderr;
}

/** A model folder: the shipped files, with some of them replaced, or left out where they are null. */
function modelFolder(name: string, changes: Record<string, string | Uint8Array | null>): string {
  const folder = join(temporary, name);
  mkdirSync(folder);
  for (const file of ['model.onnx', 'config.json', 'tokenizer.json', 'tokenizer_config.json'])
    if (!(file in changes)) symlinkSync(join(shipped, file), join(folder, file));
  for (const [file, content] of Object.entries(changes))
    if (content !== null) writeFileSync(join(folder, file), content);
  return folder;
}

/** A suite of two files: a fact a line, and templates by relation. */
const twoFiles = {
  'facts.jsonl': [
    { relation: 'capital', subject: 'France', object: 'Paris', frequency: 8 },
    { relation: 'capital', subject: 'Peru', object: 'Lima', frequency: 8 },
    { relation: 'capital', subject: 'Japan', object: 'Tokyo', frequency: 0 },
  ]
    .map((fact) => `${JSON.stringify(fact)}\n`)
    .join(''),
  'templates.json': JSON.stringify({
    capital: { train: ['The capital of [X] is [Y].'], probe: 'The capital city of [X] is [Y].' },
  }),
};

/** A folder of files. */
function folderOf(name: string, files: Record<string, string>): string {
  const folder = join(temporary, name);
  mkdirSync(folder);
  for (const [file, content] of Object.entries(files)) writeFileSync(join(folder, file), content);
  return folder;
}

const few = ['--threads', '1', '--limit', '20'];

describe('inspect', () => {
  it('prints the model, its sites and what each scope holds as one JSON object', async () => {
    const { model, sites, scopes } = await json('inspect', '--model', 'bert-mini');
    const { parameters } = card;
    expect(model).toMatchObject({ name: 'bert-mini', family: 'encoder', parameters, vocabulary });
    expect(model.sha256).toMatch(/^[0-9a-f]{64}$/);
    // Four layers of six, the head's transform and the decoder.
    expect(sites).toHaveLength(4 * 6 + 2);
    const names = sites.map((site: { name: string }) => site.name);
    for (const scope of Object.keys(scopes))
      expect([...scopes[scope].sites, ...scopes[scope].leftOut].sort()).toEqual([...names].sort());
    expect(scopes.attention.sites).toHaveLength(3 * 4);
    expect(scopes.overall.leftOut).toEqual(scopes.decoder.sites);
  });

  it('prints a line for the model and one for every site where no JSON is asked for', async () => {
    const { code, stdout } = await lab('inspect', '--model', join(shipped, 'model.onnx'));
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(1 + 26);
    expect(lines[0]).toContain(`${card.parameters} parameters`);
  });
});

describe('run', () => {
  const recipe = [{ method: 'magnitude-global', scope: 'overall', sparsity: 0.5 }];

  it('prints a result as one JSON object', async () => {
    const result = await json(
      ...['run', '--model', 'bert-mini', '--suite', 'facts', '--template', 'paraphrase', '--threads', '1'],
      ...['--limit', '200', '--recipe', JSON.stringify(recipe)],
    );
    expect(result).toMatchObject({
      model: { name: 'bert-mini', family: 'encoder', parameters: card.parameters },
      suite: { name: 'facts' },
      template: 'paraphrase',
      recipe,
      probes: 200,
    });
    for (const hash of [result.key, result.model.sha256, result.suite.sha256]) expect(hash).toMatch(/^[0-9a-f]{64}$/);
    // The reference's share of hits, give or take three standard deviations.
    const reference = JSON.parse(readFileSync(join(root, 'src/lab/test/reference/bert-mini.json'), 'utf8'));
    const run = reference.runs.find(
      (entry: { template: string; steps: unknown }) =>
        entry.template === 'paraphrase' && JSON.stringify(entry.steps) === JSON.stringify(recipe),
    );
    const share = run.hits / run.probes;
    expect(Math.abs(result.hits - 200 * share)).toBeLessThan(3 * Math.sqrt(200 * share * (1 - share)));
    expect(result.accuracy).toBe(result.hits / 200);
    const relations: [number, number][] = Object.values(result.relations);
    expect(relations.reduce((sum, [hits]) => sum + hits, 0)).toBe(result.hits);
    expect(relations.reduce((sum, [, probes]) => sum + probes, 0)).toBe(200);
    const { sparsity, bitsPerWeight, bytes } = result.report;
    expect(sparsity).toBeCloseTo(0.5, 5);
    expect(bitsPerWeight).toBe(16);
    expect(bytes.smallest).toBeLessThan(bytes.dense);
    expect(result.seconds).toBeGreaterThan(0);
  });

  it('adds every answer where that is wanted, as the page’s Library takes it', async () => {
    const given = ['run', '--model', 'bert-mini', '--suite', some, '--recipe', JSON.stringify(recipe), ...few];
    const result = await json(...given, '--keep');
    const { brought, leftOut } = await readFile(JSON.stringify(result), async () => result.kept.of);
    expect(leftOut).toEqual({});
    expect(brought).toHaveLength(1);
    const { entry, predictions } = brought[0].stored;
    expect(entry).toMatchObject({ key: result.key, recipe, asked: 20, of: result.kept.of, hits: result.hits });
    expect(predictions.ranks).toHaveLength(20);
    expect((await readFile(JSON.stringify(await json(...given)), async () => null)).leftOut).toEqual({ alone: 1 });
    expect(await fault(1, ...given, '--keep')).toContain('--keep needs --json');
  });

  it('takes a folder of one’s own, and gives its model the key of the shipped one', async () => {
    const folder = modelFolder('own', {});
    const own = await json('run', '--model', folder, '--suite', some, ...few);
    const ours = await json('run', '--model', 'bert-mini', '--suite', some, ...few);
    expect([own.key, own.hits]).toEqual([ours.key, ours.hits]);
    expect(own.model.name).toBe('own');
  });

  it('takes a suite of two files, and asks what was held out only where that is wanted', async () => {
    const suite = folderOf('two files', twoFiles);
    const seen = await json('run', '--model', 'bert-mini', '--suite', suite, ...few);
    expect([seen.probes, seen.template, seen.suite.name]).toEqual([2, 'seen', 'two files']);
    const heldOut = await json('run', '--model', 'bert-mini', '--suite', suite, '--template', 'held-out', ...few);
    expect(heldOut.probes).toBe(1);
  });

  it.each(['bert-mini', 'bert-small', 'gpt-small', 't5-small'])('runs %s, on facts and on tasks', async (model) => {
    const facts = await json('run', '--model', model, '--suite', 'facts', ...few);
    // All of them know nearly all that they were trained on (their cards say how much).
    expect(facts.hits).toBeGreaterThan(16);
    const choice = await json('run', '--model', model, '--suite', 'choice', ...few);
    expect(Object.keys(choice.tasks)).toEqual(['boolq', 'piqa', 'winogrande', 'hellaswag', 'lambada']);
    const tasks: { n: number; acc: number }[] = Object.values(choice.tasks);
    expect(tasks.reduce((sum, { n }) => sum + n, 0)).toBe(20);
    expect(tasks.reduce((sum, { n, acc }) => sum + n * acc, 0)).toBeCloseTo(choice.hits, 6);
  });

  it('reads LAMA’s files as they are published, and tells what it left out', async () => {
    const folder = folderOf('Squad', {
      'test.jsonl': [
        { masked_sentences: ['The capital of France is [MASK].'], obj_label: 'Paris', id: '1', sub_label: 'Squad' },
        { masked_sentences: ['[MASK] or [MASK].'], obj_label: 'Paris', id: '2', sub_label: 'Squad' },
        { masked_sentences: ['They spoke of [MASK].'], obj_label: 'qwxyz', id: '3', sub_label: 'Squad' },
      ]
        .map((record) => `${JSON.stringify(record)}\n`)
        .join(''),
    });
    const result = await json('run', '--model', 'gpt-small', '--suite', folder, ...few);
    expect([result.probes, result.template]).toEqual([1, 'given']);
    expect(result.skipped).toEqual([
      { reason: 'the sentence has 2 blanks', count: 1 },
      { reason: 'the answer is not a single token of the model’s vocabulary', count: 1 },
    ]);
    const any = await json('run', '--model', 'gpt-small', '--suite', folder, '--answers', 'any', ...few);
    expect(any.probes).toBe(2);
    expect(any.key).not.toBe(result.key);
  });

  const bits = JSON.stringify([{ method: 'rtn', scope: 'mlp', bits: 4 }]);
  const compared = ['run', '--model', 'bert-mini', '--suite', some, ...few, '--recipe', bits, '--reconstruction'];

  it('measures how far each layer is from what it was, where that is asked for', async () => {
    const { report } = await json(...compared);
    expect(report.reconstruction.map(({ site }: { site: string }) => site)).toEqual(
      report.sites.map(({ name }: { name: string }) => name),
    );
    for (const { relativeError, varianceShare, snrDb } of report.reconstruction) {
      expect(relativeError).toBeGreaterThan(0);
      expect(relativeError).toBeLessThan(0.1);
      expect(varianceShare).toBeGreaterThan(relativeError);
      expect(snrDb).toBeCloseTo(-10 * Math.log10(relativeError), 6);
    }
  });

  it('says in one line how far the layers are from what they were', async () => {
    const { stdout } = await lab(...compared);
    expect(stdout).toMatch(/^Reconstruction: the outputs of 8 layers are off by [\d.]+ % \(median\).*\nP@1 /);
  });

  it('prints one line for people where no JSON is asked for', async () => {
    const { code, stdout, stderr } = await lab('run', '--model', 'bert-mini', '--suite', 'facts', ...few);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^P@1 [\d.]+ % \(\d+ of 20; 95 % interval [\d.]+ % to [\d.]+ %\)\n$/);
    expect(stderr).toContain('bert-mini, facts, seen: uncompressed');
  });
});

describe('bad input', () => {
  const run = ['run', '--model', 'bert-mini', '--suite', 'facts', ...few, '--json'];
  const withRecipe = (steps: unknown) => [...run, '--recipe', JSON.stringify(steps)];

  it.each([
    ['a recipe with a sparsity of 1.5', withRecipe([{ method: 'magnitude-global', sparsity: 1.5 }]), 'sparsity is 1.5'],
    ['an unknown method', withRecipe([{ method: 'gzip' }]), 'allowed: magnitude-global'],
    ['a recipe that is no JSON', [...run, '--recipe', '[{'], '--recipe is no JSON'],
    ['a limit of 0', [...run, '--limit', '0'], '--limit is 0; allowed is a whole number from 1'],
    ['an unknown template', [...run, '--template', 'both'], '--template is both; allowed: seen, paraphrase'],
    ['a back end that Node has not', [...run, '--backend', 'webgpu'], 'there is no WebGPU in Node'],
    ['a missing model', ['run', '--suite', 'facts', '--json'], '--model is missing'],
    ['a missing suite', ['run', '--model', 'bert-mini', '--json'], '--suite is missing'],
    ['answers of an unknown kind', [...run, '--answers', 'all'], '--answers is all; allowed: single-token, any'],
    [
      'a wording that a suite has not',
      ['run', '--model', 'bert-mini', '--suite', 'choice', '--template', 'seen'],
      'cannot be asked as seen; it can as given',
    ],
    ['a model folder that is not there', ['inspect', '--model', 'no/such/folder'], 'config.json cannot be read'],
    ['a suite that is not there', ['run', '--model', 'bert-mini', '--suite', 'none'], 'none cannot be read'],
    [
      'a suite of another shape',
      ['run', '--model', 'bert-mini', '--suite', 'package.json'],
      'package.json, line 1 is no JSON',
    ],
  ])('such as %s ends with 1 and says what is wrong', async (_, args, message) => {
    const [first, advice] = (await fault(1, ...args)).split('\n');
    expect(first).toMatch(/^(bad-recipe|no-webgpu|bad-model|bad-suite): /);
    expect(first).toContain(message);
    expect(advice).toMatch(/^(usage:|[A-Z].+\.)$/);
  });

  it.each([
    ['no command', []],
    ['an unknown command', ['walk']],
    ['an unknown option', ['run', '--speed', '3']],
    ['an option without its value', ['run', '--model']],
  ])('such as %s ends with 2 and says how to use it', async (_, args) => {
    expect(await fault(2, ...args)).toContain('usage:\n  npm run -s lab -- run --model MODEL');
  });

  const whole = readFileSync(join(shipped, 'model.onnx'));
  it.each([
    ['is cut off', whole.subarray(0, whole.length / 2)],
    ['is cut off in its last weights', whole.subarray(0, whole.length - 1000)],
  ])('such as a model that %s is a bad model', async (what, content) => {
    const folder = modelFolder(`model ${what}`, { 'model.onnx': content });
    const [first, advice] = (await fault(1, 'inspect', '--model', folder)).split('\n');
    expect(first).toMatch(/^bad-model: /);
    expect(advice).toMatch(/^[A-Z].+\.$/);
  });

  const tokenizer = JSON.parse(readFileSync(join(shipped, 'tokenizer.json'), 'utf8'));
  const withWords = (keep: (id: number) => boolean, more = {}) => {
    const vocab = Object.fromEntries(Object.entries<number>(tokenizer.model.vocab).filter(([, id]) => keep(id)));
    return JSON.stringify({ ...tokenizer, model: { ...tokenizer.model, vocab: { ...vocab, ...more } } });
  };
  it.each([
    ['lacks half of its words', withWords((id) => id < vocabulary / 2), `${vocabulary / 2} words`],
    [
      'has a word too many',
      withWords(() => true, { 'a new word': vocabulary }),
      `has ${vocabulary + 1} words, but the model knows ${vocabulary}`,
    ],
    ['is cut off', withWords(() => true).slice(0, 10_000), 'tokenizer.json is no JSON'],
  ])('such as a tokenizer that %s is a bad tokenizer', async (what, content, message) => {
    const folder = modelFolder(`tokenizer ${what}`, { 'tokenizer.json': content });
    const [first, advice] = (await fault(1, 'inspect', '--model', folder)).split('\n');
    expect(first).toMatch(/^bad-tokenizer: /);
    expect(first).toContain(message);
    expect(advice).toContain('Take');
  });

  it('such as a missing tokenizer names the file', async () => {
    const folder = modelFolder('no tokenizer', { 'tokenizer.json': null });
    expect(await fault(1, 'inspect', '--model', folder)).toContain('tokenizer.json cannot be read');
  });

  const capital = JSON.stringify({ capital: { train: ['the capital of [X] is [Y] .'], probe: '[Y] rules [X] .' } });
  const paris = '{"relation": "capital", "subject": "France", "object": "paris"}';
  it.each([
    [
      'a fact without its object',
      `${paris}\n{"relation": "capital", "subject": "Peru"}\n`,
      'facts.jsonl, line 2: object',
    ],
    ['a line that is no JSON', `${paris}\n\n{"relation":\n`, 'facts.jsonl, line 3 is no JSON'],
    ['no answer that the model knows', paris.replace('paris', 'qwxyz vwq'), 'Nothing of this suite can be asked'],
  ])('such as a suite with %s says where', async (what, facts, message) => {
    const folder = join(temporary, `suite with ${what}`);
    mkdirSync(folder);
    writeFileSync(join(folder, 'facts.jsonl'), facts);
    writeFileSync(join(folder, 'templates.json'), capital);
    const stderr = await fault(1, 'run', '--model', 'bert-mini', '--suite', folder, ...few, '--json');
    expect(stderr).toMatch(/^bad-suite: /);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/\n(Correct|Choose) /);
  });
});

it('--help goes to stdout', async () => {
  const { code, stdout, stderr } = await lab('--help');
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('usage:');
});

// The tests above call the command within their own process.
describe.concurrent('as a process of its own', () => {
  it('a run prints one JSON object on stdout, tells the rest on stderr, and ends', async () => {
    const given = ['run', '--model', 'bert-mini', '--suite', 'facts', ...few, '--json'];
    const { code, stdout, stderr } = await startLab(...given).ended;
    expect(code).toBe(0);
    expect(stderr).toContain('bert-mini, facts, seen: uncompressed');
    const result = JSON.parse(stdout);
    const { key, hits } = await json(...given.slice(0, -1));
    expect([result.key, result.hits, result.probes]).toEqual([key, hits, 20]);
  });

  it.each([
    ['what is not possible', 1, ['inspect', '--model', 'no/such/folder'], 'config.json cannot be read'],
    ['wrong usage', 2, ['walk'], 'usage:'],
  ])('%s ends with %d', async (_, code, args, message) => {
    const ended = await startLab(...args).ended;
    expect([ended.code, ended.stdout]).toEqual([code, '']);
    expect(ended.stderr).toContain(message);
    expect(ended.stderr).not.toMatch(/^\s+at /m);
  });
});
