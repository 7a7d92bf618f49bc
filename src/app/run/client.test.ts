import { expect, it } from 'vitest';
import type { LabWorker } from '../../../workers/api.ts';
import { LabError } from '../../lab/errors.ts';
import { failure, makeWorker } from '../test/fixture.ts';
import { LabClient } from './client.ts';

/** A client whose workers answer `words` with their own number, `runs` never, and `probes` with an error. */
function setUp() {
  const workers: ReturnType<typeof makeWorker>[] = [];
  const client = new LabClient(() => {
    const number = workers.length;
    const unused = () => Promise.reject(new Error('It was not to be called.'));
    const lab: LabWorker = {
      open: unused,
      start: unused,
      evaluate: unused,
      reconstruction: unused,
      histogram: unused,
      export: unused,
      cancel: unused,
      importSuite: unused,
      probes: async () => ({
        ok: false,
        error: new LabError('bad-suite', 'No fact fits.', 'Choose another suite.').toJSON(),
      }),
      words: async (ids) => Array.from(ids, (id) => `${id} of worker ${number}`),
      runs: () => new Promise(() => {}),
    };
    workers.push(makeWorker(lab));
    return workers[number];
  });
  return {
    client,
    workers,
    ask: () => client.raw((lab) => lab.words(Uint32Array.of(7))),
    /** A call that waits until the worker ends. Resolves when it has begun to wait. */
    wait: async () => {
      const error = failure(() => client.raw((lab) => lab.runs()));
      await client.raw((lab) => lab.words(new Uint32Array()));
      return { error };
    },
  };
}

it('starts a worker with the first call, and asks the same one again', async () => {
  const { ask, workers } = setUp();
  expect(workers).toHaveLength(0);
  expect(await ask()).toEqual(['7 of worker 0']);
  expect(await ask()).toEqual(['7 of worker 0']);
  expect(workers).toHaveLength(1);
});

it('throws the worker’s errors with kind and advice', async () => {
  const { client } = setUp();
  const error = await failure(() => client.call((lab) => lab.probes('seen')));
  expect(error.toJSON()).toEqual({ kind: 'bad-suite', message: 'No fact fits.', advice: 'Choose another suite.' });
});

it('fails every waiting call when the worker crashes, and asks a new one next', async () => {
  const { ask, wait, workers } = setUp();
  const waiting = [await wait(), await wait()];
  workers[0].crash('out of memory');
  for (const { error } of waiting) {
    expect(await error).toMatchObject({
      kind: 'worker',
      message: 'The computing thread stopped (out of memory).',
      advice: expect.stringContaining('kept'),
    });
  }
  expect(workers[0].ended).toBe(true);
  expect(await ask()).toEqual(['7 of worker 1']);
});

it('gives no reason where the browser gives none', async () => {
  const { wait, workers } = setUp();
  const { error } = await wait();
  workers[0].crash('');
  expect((await error).message).toBe('The computing thread stopped.');
});

it('takes a message that cannot be read for a crash', async () => {
  const { ask, wait, workers } = setUp();
  const { error } = await wait();
  workers[0].fail();
  expect(await error).toMatchObject({ kind: 'worker' });
  expect(await ask()).toEqual(['7 of worker 1']);
});

it('fails waiting calls as cancelled when it is restarted', async () => {
  const { ask, client, wait, workers } = setUp();
  const { error } = await wait();
  client.restart();
  expect((await error).kind).toBe('cancelled');
  expect(workers[0].ended).toBe(true);
  expect(await ask()).toEqual(['7 of worker 1']);
});

it('fails waiting calls with the reason that it is given', async () => {
  const { client, wait } = setUp();
  const { error } = await wait();
  const reason = new LabError('device-lost', 'The GPU went away.');
  client.restart(reason);
  expect(await error).toBe(reason);
});

it('does not fail the calls of a new worker for the crash of an old one', async () => {
  const { client, wait, workers, ask } = setUp();
  await wait();
  client.restart();
  const { error } = await wait();
  workers[0].crash('too late');
  expect(await ask()).toEqual(['7 of worker 1']);
  workers[1].crash('now');
  expect((await error).message).toContain('now');
});

it('survives a crash and a restart while nobody waits', async () => {
  const { ask, client, workers } = setUp();
  client.restart();
  await ask();
  workers[0].crash('idle');
  expect(await ask()).toEqual(['7 of worker 1']);
  client.restart();
  client.restart();
  expect(await ask()).toEqual(['7 of worker 2']);
});

it('says each time that a worker ended, so that its user knows what is lost', async () => {
  const { ask, client, workers } = setUp();
  let ends = 0;
  client.onEnd = () => {
    ends++;
  };
  await ask();
  expect(ends).toBe(0);
  workers[0].crash('idle');
  expect(ends).toBe(1);
  await ask();
  client.restart();
  expect(ends).toBe(2);
});
