import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { firstChunk, laterChunk } from '../../chunks.ts';
import { type FakeLab, freshLab, probeList } from '../../test/fixture.ts';

let lab: FakeLab;

/** A visit: nothing is left of the one before but what the browser keeps. */
async function visit(fragment: string) {
  lab = freshLab();
  const curves = await import('./curves.ts');
  const { useCurves } = await import('./curves-store.ts');
  await curves.open(fragment);
  return { ...curves, state: useCurves.getState };
}
/** What is drawn follows a moment after what is known. */
const drawn = () => new Promise((resolve) => setTimeout(resolve, 5));

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
  vi.stubGlobal('location', { search: '', origin: '', pathname: '/', hash: '' });
  vi.stubGlobal('history', { replaceState: () => {}, pushState: () => {} });
});
afterEach(() => vi.unstubAllGlobals());

const preset = '#view=curves&preset=pruning-layers&model=bert-mini&suite=facts&template=seen';
// Three scopes at nine levels, and the uncompressed model.
const results = 28;

describe('the curves', () => {
  it('compute nothing before it is asked for, then a sample of every point, then more where that is wanted', async () => {
    const { start, askMore, state } = await visit(preset);
    expect(lab.workers).toEqual([]);
    expect(state()).toMatchObject({ needed: { results, missing: results }, says: { kind: 'missing', missing: 3 } });
    await start();
    await drawn();
    expect(lab.pieces).toEqual(Array(results).fill(`0-${firstChunk}`));
    expect(state().needed).toEqual({ results, missing: 0 });
    expect(state().says?.kind).toBe('alike');
    const figures = state().lines.flatMap(({ points }) => points.map(({ figure }) => figure?.probes));
    expect(figures).toEqual(Array(30).fill(firstChunk));
    await askMore();
    await drawn();
    expect(lab.pieces.slice(results)).toEqual(Array(results).fill(`${firstChunk}-${firstChunk + laterChunk}`));
  });

  it('show kept points at once, and split them by relation and frequency, without a worker', async () => {
    const first = await visit(preset);
    await first.start();
    const { setBy, state } = await visit(preset);
    expect(state().needed.missing).toBe(0);
    for (const [by, labels] of [
      ['relation', probeList.relations.map(({ label }) => label)],
      ['frequency', [4, 8, 16, 32].map((often) => `stated ${often} times`)],
    ] as const) {
      setBy(by);
      await drawn();
      const { lines } = state();
      expect(lines.map(({ label }) => label)).toEqual(labels);
      const asked = lines.map(({ points }) => points[1].figure?.probes ?? 0);
      expect(asked.reduce((sum, n) => sum + n, 0)).toBe(firstChunk);
    }
    expect(lab.workers).toEqual([]);
  });

  it('count P@5 and MRR from the ranks', async () => {
    const { start, setLook, state } = await visit(preset);
    await start();
    await drawn();
    const shareOf = () => state().lines[0].points[1].figure?.share;
    // Ranks of the fake lab are 1, 2 and 3 by turns.
    setLook({ y: 'p5' });
    expect(shareOf()).toBe(1);
    setLook({ y: 'mrr' });
    expect(shareOf()).toBeCloseTo((1 + 1 / 2 + 1 / 3) / 3, 1);
    setLook({ y: 'kept' });
    expect(shareOf()).toBe(1);
  });

  it('compute only what is in sight of an axis of levels', async () => {
    const { setLook, state } = await visit(preset);
    setLook({ range: [0.2, 0.4] });
    // Three levels of three scopes, and the uncompressed model.
    expect(state().needed.results).toBe(10);
    setLook({ x: 'size' });
    expect(state().needed.results).toBe(results);
  });

  it('keep an experiment with another model, and end it with other steps', async () => {
    const { setModel, setStep, setPreset, state } = await visit(preset);
    setModel('gpt-small');
    expect(state().choice).toMatchObject({ preset: 'pruning-layers', series: [{ model: 'gpt-small' }] });
    setStep(0, 0, { ...state().choice.series[0].steps[0], method: 'magnitude-layer' });
    expect(state().choice.preset).toBeNull();
    expect(state().lines.map(({ series }) => [series.steps[0].method, series.steps[0].scope])).toEqual([
      ['magnitude-layer', 'overall'],
      ['magnitude-layer', 'attention'],
      ['magnitude-layer', 'feed-forward'],
    ]);
    setPreset('pruning-attention');
    expect(state().choice.series[0].model).toBe('t5-small');
    setModel('bert-mini');
    expect(state().choice.preset).toBeNull();
  });

  it('go on as a list of one’s own from the lines that were shown', async () => {
    const { setBy, addSeries, removeSeries, state } = await visit(preset);
    setBy('series');
    expect(state().lines.map(({ id, label }) => [id, label])).toEqual([
      ['a', 'Whole model: global magnitude pruning'],
      ['b', 'Attention: global magnitude pruning'],
      ['c', 'Feed-forward: global magnitude pruning'],
    ]);
    addSeries();
    removeSeries(0);
    expect(state().lines.map(({ series }) => series.steps[0].scope)).toEqual([
      'attention',
      'feed-forward',
      'feed-forward',
    ]);
  });

  it('say that a model has no such layers instead of computing them', async () => {
    const { state } = await visit('#view=curves&preset=pruning-families&model=bert-mini&suite=facts&template=seen');
    expect(state().lines.every(({ isAbsent }) => !isAbsent)).toBe(true);
    const other = await visit('#view=curves&v=2&a=t5-small/facts/seen/1/magnitude-global,cross-attention,5&by=model');
    expect(other.state().lines.map(({ series, isAbsent }) => isAbsent === (series.model !== 't5-small'))).toEqual([
      true,
      true,
      true,
    ]);
  });
});
