import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sitesOf } from '../../../lab/compress/scope.ts';
import { wilson } from '../../../lab/metrics/interval.ts';
import { loadModel } from '../../../lab/model/load.ts';
import { tinyFiles, tinyIds } from '../../../lab/test/tiny.ts';
import { cellsOf, cheapestFirst, type LayerCell, lossOf, neighbour, scaleEnd } from './cells.ts';

const modelSites = (id: (typeof tinyIds)[number]) => loadModel(tinyFiles(id, readFileSync)).sites;

describe.each(tinyIds)('the cells of %s', (id) => {
  const sites = modelSites(id);
  const map = cellsOf(sites);

  it('hold every layer of every block in one row, whole, by parts and by roles', () => {
    const blocks = sites.filter(({ layer, kind }) => layer !== null && kind !== 'unclassified').map(({ name }) => name);
    for (const grain of ['block', 'part', 'role']) {
      const held = map.cells
        .filter((cell) => cell.grain === grain && !['all', 'last'].includes(cell.row))
        .flatMap(({ scope }) => sitesOf(scope, sites).map(({ name }) => name));
      expect(held.sort(), grain).toEqual([...blocks].sort());
    }
  });

  it('count their weights, and have a scope of their own each', () => {
    for (const { scope, parameters } of map.cells)
      expect(parameters).toBe(sitesOf(scope, sites).reduce((sum, { shape: [r, c] }) => sum + r * c, 0));
    expect(new Set(map.cells.map(({ scope }) => scope)).size).toBe(map.cells.length);
    const inside = new Set(map.cells.flatMap(({ scope }) => sitesOf(scope, sites).map(({ name }) => name)));
    expect(map.outside).toEqual(sites.filter(({ name }) => !inside.has(name)).map(({ name }) => name));
  });

  it('are asked coarse ones first, of these the smallest first', () => {
    const order = cheapestFirst(map.cells);
    expect(order).toHaveLength(map.cells.length);
    const grains = order.map(({ grain }) => ['block', 'part', 'role'].indexOf(grain));
    expect(grains).toEqual([...grains].sort());
    const roles = order.filter(({ grain }) => grain === 'role').map(({ parameters }) => parameters);
    expect(roles).toEqual([...roles].sort((a, b) => a - b));
  });

  it('can all be reached with the arrow keys from the first', () => {
    const reached = new Set<string>([map.cells[0].scope]);
    const open: LayerCell[] = [map.cells[0]];
    for (let cell = open.pop(); cell; cell = open.pop())
      for (const key of ['ArrowRight', 'ArrowDown', 'ArrowLeft', 'ArrowUp']) {
        const next = neighbour(map, cell, key);
        if (reached.has(next.scope)) continue;
        reached.add(next.scope);
        open.push(next);
      }
    expect([...reached].sort()).toEqual(map.cells.map(({ scope }) => scope).sort());
  });

  it('are left alone by other keys, and have ends', () => {
    const row = map.cells.filter((cell) => cell.row === map.rows[1]);
    expect(neighbour(map, row[1], 'x')).toBe(row[1]);
    expect(neighbour(map, row[1], 'Home')).toBe(row[0]);
    expect(neighbour(map, row[1], 'End')).toBe(row.at(-1));
    expect(neighbour(map, row[0], 'ArrowLeft')).toBe(row[0]);
  });
});

describe('lossOf', () => {
  it('counts what both were asked', () => {
    const before = Uint32Array.of(1, 1, 1, 2, 5, 1);
    const after = Uint32Array.of(1, 3, 2, 1, 5);
    expect(lossOf(before, after)).toEqual({ lost: 2, known: 3, gained: 1, asked: 5, share: 2 / 3, ...wilson(2, 3) });
  });

  it('of nothing known says nothing', () =>
    expect(lossOf(Uint32Array.of(2), Uint32Array.of(1))).toMatchObject({ share: 0, low: 0, high: 1, known: 0 }));

  it('is nothing between equal answers, and never leaves its interval', () => {
    const ranks = fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 40 });
    fc.assert(
      fc.property(ranks, ranks, (a, b) => {
        const [before, after] = [Uint32Array.from(a), Uint32Array.from(b)];
        expect(lossOf(before, before)).toMatchObject({ lost: 0, gained: 0 });
        const { share, low, high, lost, known, gained, asked } = lossOf(before, after);
        expect(low <= share && share <= high).toBe(true);
        expect(lost <= known && known + gained <= asked).toBe(true);
      }),
    );
  });
});

describe('scaleEnd', () => {
  it('is the first step that no cell is above', () => {
    expect(scaleEnd([])).toBe(0.02);
    expect(scaleEnd([0.03, 0.1])).toBe(0.1);
    expect(scaleEnd([0.51])).toBe(1);
  });
});
