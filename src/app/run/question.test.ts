import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type FakeLab, freshLab } from '../test/fixture.ts';

let lab: FakeLab;

/** A page on which nothing was opened yet. */
async function visit() {
  lab = freshLab();
  const [{ openQuestion }, { evaluatorOf }, { layouts, userSuites }] = await Promise.all([
    import('./question.ts'),
    import('./coordinator.ts'),
    import('./coordinator.ts'),
  ]);
  return { openQuestion, evaluator: evaluatorOf('bert-mini'), layouts, ownSuites: userSuites };
}

const question = { model: 'bert-mini', suite: 'facts', template: 'seen' } as const;

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
  vi.stubGlobal('location', { search: '', origin: '', pathname: '/' });
});
afterEach(() => vi.unstubAllGlobals());

describe('opening a question', () => {
  it('learns how its probes lie, and keeps that', async () => {
    const { openQuestion, layouts } = await visit();
    await expect(openQuestion(question)).resolves.toMatchObject({ files: { model: 'bert-mini', suite: 'facts' } });
    const written = vi.spyOn(layouts, 'write');
    await openQuestion(question);
    expect(written).not.toHaveBeenCalled();
    expect(lab.workers).toHaveLength(1);
  });

  it('begins no other worker where it was stopped while something was read', async () => {
    const { openQuestion, evaluator, layouts } = await visit();
    vi.spyOn(layouts, 'read').mockImplementation(async () => evaluator.end());
    await expect(openQuestion(question)).rejects.toMatchObject({ kind: 'cancelled' });
    expect(lab.workers.map(({ ended }) => ended)).toEqual([true]);
  });

  it('begins none at all where it was stopped before the suite was read', async () => {
    const { openQuestion, evaluator, ownSuites } = await visit();
    vi.spyOn(ownSuites, 'read').mockImplementation(async () => {
      evaluator.end();
      return {} as never;
    });
    const { userSuiteId } = await import('../storage/user-suite-id.ts');
    const own = { ...question, suite: userSuiteId('a'.repeat(64)) };
    await expect(openQuestion(own)).rejects.toMatchObject({ kind: 'cancelled' });
    expect(lab.workers).toEqual([]);
  });
});
