import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { parseRecipe } from '../src/lab/compress/recipe.ts';
import { LabError } from '../src/lab/errors.ts';
import { engineRevision } from '../src/lab/result/key.ts';
import { parsePlan } from '../src/lab/result/plan.ts';
import type { Options } from './options.ts';
import { openSession } from './session.ts';
import { join } from './study/join.ts';
import { resume } from './study/lines.ts';
import { lockFile } from './study/lock.ts';
import { type Ending, runTasks } from './study/pool.ts';
import { study } from './study/study.ts';
import type { StudyTask } from './study/task.ts';
import { lab, root, startLab } from './test/fixture.ts';

const temporary = mkdtempSync(resolve(tmpdir(), 'lossy-study-'));
afterAll(() => rmSync(temporary, { recursive: true }));
const path = (name: string) => resolve(temporary, name);
function write(name: string, content: string): string {
  writeFileSync(path(name), content);
  return path(name);
}
const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const jsonl = (...lines: object[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join('');

const textOf = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8') : '');
const linesOf = (file: string) =>
  textOf(file)
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
/** Lines without what differs between two runs of the same, by key. */
const numbersOf = (file: string) =>
  linesOf(file)
    .map(({ seconds, ...numbers }) => numbers)
    .sort((a, b) => (a.key < b.key ? -1 : 1));

describe('a study', () => {
  const suite = path('capitals');
  mkdirSync(suite);
  const capitals = ['France Paris', 'Peru Lima', 'Japan Tokyo', 'Italy Rome', 'Spain Madrid', 'Egypt Cairo'];
  write(
    'capitals/facts.jsonl',
    jsonl(
      ...capitals.map((words) => {
        const [subject, object] = words.split(' ');
        return { relation: 'capital', subject, object };
      }),
    ),
  );
  const templates = { train: ['The capital of [X] is [Y].'], probe: 'The capital city of [X] is [Y].' };
  write('capitals/templates.json', JSON.stringify({ capital: templates }));
  const steps = [{ method: 'rtn', scope: 'overall', bits: 3 }];
  const small = {
    models: ['bert-mini'],
    suite: 'capitals',
    templates: ['seen', 'paraphrase'],
    probes: 5,
    recipes: [
      steps,
      { grid: [{ method: 'magnitude-global', levels: 'axis' }] },
      // An encoder has no such layers.
      [{ method: 'rtn', scope: 'cross-attention' }],
    ],
  };
  const plan = write('plan.json', JSON.stringify(small));
  const runs = 2 * (1 + 9 + 1);
  const whole = path('whole.jsonl');

  it('goes on after it was killed, and then holds what one holds that was not', async () => {
    const killed = path('killed.jsonl');
    const given = ['study', plan, '--shard', '1/2', '--out', killed, '--json'];
    const uninterrupted = study({ out: whole, workers: '1' }, plan).catch((error) => error);
    const { child, ended } = startLab(...given, '--workers', '1');
    while (linesOf(killed).length < 1) await setTimeout(5);
    child.kill('SIGKILL');
    // Its processes hold the pipes, too: they end with it.
    expect((await ended).signal).toBe('SIGKILL');
    const before = linesOf(killed);
    expect(before.length).toBeLessThan(runs / 2);
    expect(existsSync(`${killed}.lock`)).toBe(true);

    // As if it had been killed while it wrote.
    appendFileSync(killed, '{"status":"done","key":"abc');
    const resumed = await lab(...given, '--workers', '1');
    expect(resumed.stderr).toContain('ended without letting go');
    expect(resumed.stderr).toContain('only half written');
    expect(resumed.stderr).toContain(`${runs / 2} runs, ${before.length} of them in ${killed} already`);
    expect(linesOf(killed).slice(0, before.length)).toEqual(before);
    expect(existsSync(`${killed}.lock`)).toBe(false);

    // Two runs fail by their recipe: a result, but not a success.
    expect(await uninterrupted).toMatchObject({ kind: 'bad-recipe', message: '2 runs cannot be done, 0 were not.' });
    const all = numbersOf(whole);
    expect(new Set(all.map(({ key }) => key)).size).toBe(runs);
    const shard = all.filter((_, place) => place % 2 === 1);
    expect(numbersOf(killed)).toEqual(shard);
    const failed = shard.filter(({ status }) => status === 'failed').length;
    expect(resumed.code).toBe(failed > 0 ? 1 : 0);
    const summary = { out: killed, runs: runs / 2, done: runs / 2 - failed, failed, missing: 0 };
    expect(JSON.parse(resumed.stdout)).toEqual(summary);
    const joined = path('both.jsonl');
    await join({ out: joined }, [killed, whole]);
    expect(numbersOf(joined)).toEqual(all);
    // Two processes start one after another, each with the runtime.
  }, 120_000);

  it('writes what a run prints, and what a study knows beside it', async () => {
    const session = await openSession({ model: 'bert-mini', suite, threads: 1 });
    const run = (await session.run(parseRecipe(steps), { wording: 'seen', limit: 5 })).result;
    await session.close();
    const line = linesOf(whole).find(({ key }) => key === run.key);
    const { version } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8'));
    expect(line).toEqual({
      ...run,
      status: 'done',
      seconds: expect.any(Number),
      meanLogProb: expect.any(Number),
      limit: 5,
      engine: engineRevision,
      version,
    });
    const { stdout } = await lab('study', plan, '--shard', '0/22', '--out', path('kept.jsonl'), '--keep', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ runs: 1, missing: 0 });
    const [kept] = linesOf(path('kept.jsonl'));
    const plain = linesOf(whole).find(({ key }) => key === kept.key);
    expect(Object.keys(kept).filter((entry) => !(entry in plain))).toEqual(plain.status === 'done' ? ['kept'] : []);
    // Answers do not count where files are put together.
    await join({ out: path('with.jsonl') }, [path('kept.jsonl'), whole]);
    // A right word's probability is at most 1 / rank, and the mean of logarithms at most the logarithm of the mean.
    expect(line.meanLogProb).toBeLessThan(Math.log(line.mrr));
  });

  it('does not mix samples of other sizes', async () => {
    const more = write('more.json', JSON.stringify({ ...small, probes: 4 }));
    const before = textOf(whole);
    await expect(study({ out: whole }, more)).rejects.toThrow('with another number of probes than the plan’s');
    expect(textOf(whole)).toBe(before);
    expect(existsSync(`${whole}.lock`)).toBe(false);
  });
});

it('the plan of the documentation is the paper’s grid', async () => {
  const file = resolve(root, 'docs/magnitude-pruning.json');
  const json = readFileSync(file, 'utf8');
  const { recipes, templates } = parsePlan(json, file);
  expect(recipes).toHaveLength(1 + 3 * 9);
  expect(templates).toEqual(['seen', 'paraphrase']);
  // It is shown there as it is.
  const shown = /```json\n([\s\S]+?)```/.exec(readFileSync(resolve(root, 'docs/studies.md'), 'utf8'));
  expect(JSON.parse(shown![1])).toEqual(JSON.parse(json));
});

describe('bad input', () => {
  const good = { models: ['bert-mini'], suite: 'facts', recipes: [[]] };
  const out = path('never.jsonl');
  it.each<[string, object | null, Options, string]>([
    ['no plan there', null, { out }, 'cannot be read'],
    ['a plan with a fault', { recipes: [[{ method: 'gzip' }]] }, { out }, 'method is "gzip"'],
    ['a model that is not there', { models: ['none'] }, { out }, 'config.json cannot be read'],
    ['a wording that the suite has not', { templates: ['given'] }, { out }, 'cannot be asked as given'],
    ['a shard beyond the last', {}, { out, shard: '2/2' }, '--shard is 2/2; allowed is I/N'],
    ['a shard that is none', {}, { out, shard: '1' }, '--shard is 1; allowed is I/N'],
    ['no workers', {}, { out, workers: '0' }, '--workers is 0'],
    ['no file', {}, {}, '--out is missing'],
    ['a folder that is not there', {}, { out: path('no/a.jsonl') }, 'a.jsonl.lock cannot be written'],
  ])('such as %s is said', async (what, changes, options, message) => {
    const plan = changes ? write(`${what}.json`, JSON.stringify({ ...good, ...changes })) : path('none.json');
    const error = await study(options, plan).catch((error) => error);
    expect(error).toBeInstanceOf(LabError);
    expect(error.message).toContain(message);
    expect(existsSync(out)).toBe(false);
  });

  it.each([
    ['a study of no plan', ['study', '--out', out]],
    ['a run of a file', ['run', 'a']],
  ])('such as %s ends with 2 and says how to use it', async (_, args) => {
    const { code, stderr } = await lab(...args);
    expect(code).toBe(2);
    expect(stderr).toContain('usage:');
  });
});

const lineOf = (name: string, changes: object = {}) => ({
  status: 'done',
  key: hash(name),
  model: { name: 'tiny', sha256: hash('model') },
  suite: { name: 'facts', sha256: hash('suite') },
  hits: 3,
  mrr: 0.625,
  relations: { name: [3, 4] },
  limit: null,
  ...changes,
});

describe('join', () => {
  it('has each key once: time, place, names and the last digits do not count', async () => {
    const a = write('join-a.jsonl', jsonl(lineOf('one', { seconds: 1, backend: 'x' }), lineOf('two')));
    const renamed = { seconds: 2, backend: 'y', version: '9', model: { name: 'other', sha256: hash('model') } };
    const b = write('join-b.jsonl', jsonl(lineOf('one', { mrr: 0.625 * (1 + 1e-15), ...renamed }), lineOf('three')));
    const out = path('joined.jsonl');
    const { code, stdout } = await lab('join', a, b, '--out', out);
    expect([code, stdout]).toEqual([0, `${out}: 3 lines from 4 in 2 files\n`]);
    expect(linesOf(out)).toEqual([lineOf('one', { seconds: 1, backend: 'x' }), lineOf('two'), lineOf('three')]);
  });

  it.each([
    ['other hits', { hits: 2 }],
    ['another mean', { mrr: 0.6251 }],
    ['other hits in a relation', { relations: { name: [2, 4] } }],
    ['another number of probes', { limit: 7 }],
    ['a failure', { status: 'failed' }],
  ])('refuses a key with %s, and writes nothing', async (what, numbers) => {
    const a = write(`refused-a ${what}`, jsonl(lineOf('zero'), lineOf('one')));
    const b = write(`refused-b ${what}`, jsonl(lineOf('one', numbers)));
    const folder = mkdtempSync(path('refused-'));
    await expect(join({ out: resolve(folder, 'all.jsonl') }, [a, b])).rejects.toThrow(
      `other numbers for the key ${hash('one')}`,
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  it('leaves a half-written last line out, and refuses other lines that are none', async () => {
    const half = write('half.jsonl', `${jsonl(lineOf('one'))}{"status":`);
    const out = path('of half.jsonl');
    await join({ out }, [half]);
    expect(linesOf(out)).toEqual([lineOf('one')]);
    const broken = write('broken.jsonl', `${jsonl(lineOf('one'))}{"status":\n${jsonl(lineOf('two'))}`);
    await expect(join({ out }, [broken])).rejects.toThrow('broken.jsonl, line 2 is no JSON');
    const other = write('other.jsonl', jsonl({ ...lineOf('one'), key: 'one' }));
    await expect(join({ out }, [other])).rejects.toThrow('other.jsonl, line 1: key: allowed are 64 hexadecimal digits');
    await expect(join({ out }, [path('none')])).rejects.toThrow('none cannot be read');
    expect(linesOf(out)).toEqual([lineOf('one')]);
  });
});

describe('resume', () => {
  it('reads a file longer than a piece, and cuts a half-written last line off', async () => {
    // Pieces of a file are 64 KiB; words of two bytes lie across their borders.
    const lines = Array.from({ length: 400 }, (_, at) => lineOf(`${at}`, { note: 'ä'.repeat(300) }));
    const file = write('long.jsonl', `${jsonl(...lines)}${JSON.stringify(lineOf('last')).slice(0, -5)}`);
    const found = await resume(file);
    expect([...found.keys()]).toEqual(lines.map(({ key }) => key));
    expect(textOf(file)).toBe(jsonl(...lines));
  });

  it('takes a file that is not there as empty', async () => expect((await resume(path('new.jsonl'))).size).toBe(0));
});

describe('lockFile', () => {
  const file = path('locked.jsonl');
  const lock = `${file}.lock`;
  const holder = (pid: number, host = hostname()) => writeFileSync(lock, JSON.stringify({ pid, host }));

  it('lets go', () => {
    lockFile(file)();
    expect(existsSync(lock)).toBe(false);
  });

  it.each([
    ['a process that is there', process.ppid, hostname(), `process ${process.ppid} on`],
    ['one on another machine', 1, 'elsewhere', 'process 1 on elsewhere'],
  ])('refuses a file that %s writes', (_, pid, host, message) => {
    holder(pid, host);
    expect(() => lockFile(file)).toThrow(message);
    expect(JSON.parse(textOf(lock))).toEqual({ pid, host });
  });

  it('refuses a file with a lock that says nothing', () => {
    writeFileSync(lock, '');
    expect(() => lockFile(file)).toThrow('another process writes');
  });

  it('takes over from a process that is no more', () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    holder(pid);
    const unlock = lockFile(file);
    expect(JSON.parse(textOf(lock))).toEqual({ pid: process.pid, host: hostname() });
    unlock();
    expect(existsSync(lock)).toBe(false);
  });
});

describe('runTasks', () => {
  /** Does what a task's key says: ends, waits for a file, or answers with its own number. */
  const program = write(
    'worker.mjs',
    `import { existsSync, writeFileSync } from 'node:fs';
    process.on('disconnect', () => process.exit());
    process.on('message', async ({ key, model }) => {
      const [what, file] = key.split(' ');
      if (what === 'end' || (what === 'end-once' && !existsSync(file))) {
        if (file) writeFileSync(file, '');
        process.exit(1);
      }
      while (what === 'wait' && !existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 5));
      process.send({ kind: 'failed', error: { kind: 'internal', message: String(process.pid), advice: model } });
    });
    process.send({ kind: 'ready' });`,
  );
  const task = (key: string, model = 'a') => ({ key, model }) as StudyTask;
  type Pool = Partial<Parameters<typeof runTasks>[1]>;
  async function endingsOf(tasks: StudyTask[], options: Pool = {}) {
    const endings: { key: string; ending: Ending }[] = [];
    await runTasks(tasks, {
      program,
      workers: 2,
      signal: new AbortController().signal,
      onEnding: ({ key }, ending) => endings.push({ key, ending }),
      ...options,
    });
    return endings;
  }
  /** Which process answered. */
  const pidOf = ({ ending }: { ending: Ending }) => ending.kind === 'failed' && ending.error.message;

  it('gives a slow task’s process no other one, and the rest to the others', async () => {
    const file = path('go-on');
    const rest = ['b', 'c', 'd', 'e'];
    const ended: string[] = [];
    await endingsOf(
      [`wait ${file}`, ...rest].map((key) => task(key)),
      {
        onEnding: ({ key }) => {
          ended.push(key);
          // With a split in advance this would never come.
          if (ended.length === rest.length) writeFileSync(file, '');
        },
      },
    );
    expect(ended).toEqual([...rest, `wait ${file}`]);
  });

  it('opens one model in a process', async () => {
    const models = ['a', 'b', 'c'];
    const tasks = models.flatMap((model) => [1, 2, 3].map((number) => task(`${model} ${number}`, model)));
    const endings = await endingsOf(tasks);
    expect(endings.map(({ key }) => key).sort()).toEqual(tasks.map(({ key }) => key));
    const modelsOf = new Map<unknown, Set<string>>();
    for (const ending of endings)
      modelsOf.set(pidOf(ending), (modelsOf.get(pidOf(ending)) ?? new Set()).add(ending.key[0]));
    for (const opened of modelsOf.values()) expect(opened.size).toBe(1);
  });

  it('tries a task once more where its process ended, and others go on', async () => {
    const once = `end-once ${path('ended-once')}`;
    const endings = await endingsOf([once, 'end', 'b', 'c'].map((key) => task(key)));
    const kinds = Object.fromEntries(endings.map(({ key, ending }) => [key, ending.kind]));
    expect(kinds).toEqual({ [once]: 'failed', end: 'lost', b: 'failed', c: 'failed' });
    expect(endings).toHaveLength(4);
  });

  it('ends where processes cannot be started', async () => {
    const broken = write('broken.mjs', 'process.exit(1)');
    const error = await endingsOf([task('a'), task('b')], { program: broken }).catch((error) => error);
    expect(error).toBeInstanceOf(LabError);
    expect(error.kind).toBe('worker');
  });

  it('ends all processes where a result cannot be kept', async () => {
    const never = `wait ${path('never')}`;
    const onEnding = () => {
      throw new LabError('storage', 'full');
    };
    await expect(endingsOf([task(never), task('b')], { onEnding })).rejects.toThrow('full');
  });

  it('ends all processes where it is stopped', async () => {
    const stopping = new AbortController();
    const onEnding = () => stopping.abort();
    await endingsOf([task(`wait ${path('never')}`), task('b'), task('c')], { onEnding, signal: stopping.signal });
  });
});
