import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lab, root, someFacts } from './test/fixture.ts';

const temporary = mkdtempSync(join(tmpdir(), 'lossy-export-'));
afterAll(() => rmSync(temporary, { recursive: true }));

async function json(...args: string[]) {
  const { code, stdout, stderr } = await lab(...args, '--threads', '1', '--json');
  expect([code, stderr]).toEqual([0, expect.not.stringContaining('Error')]);
  return JSON.parse(stdout);
}

const steps = [
  { method: 'wanda', scope: 'mlp', sparsity: 0.5, prompts: 16 },
  { method: 'rtn', scope: 'overall', bits: 4, granularity: 'group-32' },
];
const recipe = ['--recipe', JSON.stringify(steps)];

describe('a dense export', () => {
  const out = join(temporary, 'dense');
  const suite = someFacts(join(temporary, 'some-facts'));
  let printed: Awaited<ReturnType<typeof json>>;
  beforeAll(async () => {
    const given = ['--model', 't5-small', '--suite', suite, ...recipe, '--format', 'onnx', '--out', out, '--masks'];
    printed = await json('export', ...given);
  });

  it('is a folder with all that a model needs, and what was written is told', () => {
    const names = ['config.json', 'decoder_model.onnx', 'encoder_model.onnx', 'lossy.json', 'masks.safetensors'];
    expect(readdirSync(out).sort()).toEqual([...names, 'tokenizer.json', 'tokenizer_config.json'].sort());
    expect(Object.keys(printed.files).sort()).toEqual(readdirSync(out).sort());
    for (const [name, bytes] of Object.entries(printed.files))
      expect(readFileSync(join(out, name))).toHaveLength(bytes as number);
    for (const name of ['config.json', 'tokenizer.json', 'tokenizer_config.json'])
      expect(readFileSync(join(out, name))).toEqual(readFileSync(join(root, 'public/models/t5-small', name)));
    expect(printed).toMatchObject({ format: 'onnx', out, recipe: steps });
    expect(printed.report.touched.sparsity).toBeGreaterThan(0.2);
  });

  it('was loaded again and says what the lab says', () => {
    expect(printed.verified).toMatchObject({ texts: 16, same: 16 });
    expect(printed.verified.worst).toBeLessThan(1e-4);
  });

  it('gets the same hits as its model does with the recipe', async () => {
    const few = ['--suite', suite, '--template', 'paraphrase', '--limit', '60'];
    const own = await json('run', '--model', 't5-small', ...few, ...recipe);
    const again = await json('run', '--model', out, ...few);
    expect([again.hits, again.relations]).toEqual([own.hits, own.relations]);
    expect(again.model.sha256).not.toBe(own.model.sha256);
  });
});

it('replaces an earlier export, and nothing else', async () => {
  const out = join(temporary, 'replaced');
  const given = ['--model', 'bert-mini', '--out', out, '--recipe', '[{"method":"rtn","bits":8}]'];
  await json('export', ...given, '--format', 'onnx', '--no-verify', '--masks');
  expect(existsSync(join(out, 'masks.safetensors'))).toBe(true);
  const { code, stdout } = await lab('export', ...given, '--format', 'onnx-nbits', '--threads', '1');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^model\.onnx {2,}\d+ bytes$/m);
  expect(stdout).toMatch(/^loaded again: the same words for 16 of 16 texts, logits at most [\d.e-]+ apart$/m);
  expect(readdirSync(out)).not.toContain('masks.safetensors');
  // What is in it is no model for the lab.
  const inspected = await lab('inspect', '--model', out);
  expect([inspected.code, inspected.stderr]).toEqual([
    1,
    expect.stringMatching(/^bad-model: .*codes instead of weights/),
  ]);
  writeFileSync(join(out, 'notes.txt'), 'mine');
  const refused = await lab('export', ...given, '--format', 'onnx');
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('notes.txt')]);
  expect(readFileSync(join(out, 'notes.txt'), 'utf8')).toBe('mine');
});

it('writes safetensors without a check: nothing runs them', async () => {
  const out = join(temporary, 'weights');
  const printed = await json('export', '--model', 'bert-mini', '--format', 'safetensors', '--out', out);
  expect(printed.verified).toBeNull();
  expect(readdirSync(out)).toContain('model.safetensors');
});

describe('bad input', () => {
  const full = join(temporary, 'full');
  const foreign = join(temporary, 'foreign');
  const out = join(temporary, 'none');
  beforeAll(() => {
    for (const folder of [full, foreign]) mkdirSync(folder);
    writeFileSync(join(full, 'a.txt'), 'a');
    writeFileSync(join(foreign, 'lossy.json'), '{"version":"lossy-export-1","files":["../escape.txt"]}');
  });
  const given = ['export', '--model', 'bert-mini'];
  const rounded = (step: object) => ['--recipe', JSON.stringify([{ method: 'rtn', ...step }]), '--out', out];

  it.each([
    ['no format', [...given, '--out', out], '--format is missing'],
    ['an unknown format', [...given, '--format', 'gguf', '--out', out], '--format is gguf; allowed: onnx, onnx-nbits'],
    ['no folder', [...given, '--format', 'onnx'], '--out is missing'],
    ['a folder with other files', [...given, '--format', 'onnx', '--out', full], 'where other files are'],
    ['a folder whose list is no export’s', [...given, '--format', 'onnx', '--out', foreign], 'no export has written'],
    ['a file for a folder', [...given, '--format', 'onnx', '--out', join(full, 'a.txt')], 'which is a file'],
    [
      'the model’s own folder',
      [...given, '--format', 'onnx', '--out', join(root, 'public/models/bert-mini')],
      'the model’s own folder',
    ],
    [
      'a step that measures, without texts',
      [...given, '--format', 'onnx', '--out', out, '--recipe', '[{"method":"wanda"}]'],
      '--suite is missing',
    ],
    ['a recipe that rounds nothing', [...given, '--format', 'onnx-nbits', '--out', out], 'No layer was rounded'],
    [
      'groups that no block holds',
      [...given, '--format', 'onnx-nbits', ...rounded({ granularity: 'group-8' })],
      'encoder.0.attention.query cannot be exported in this format: a scale is for 8 inputs',
    ],
  ])('such as %s ends with 1 and says what is wrong, and writes nothing', async (_, args, message) => {
    const { code, stdout, stderr } = await lab(...args);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(existsSync(out)).toBe(false);
  });
});
