import { describe, expect, it } from 'vitest';
import { groups } from '../../lab/compress/groups.ts';
import { methodList } from '../../lab/compress/methods/index.ts';
import { catalogue, catalogueGroups, describeEffect, describeStep, searchCatalogue, withScope } from './catalogue.ts';
import { newStep, withExact } from './steps.ts';

const idsOf = (found: typeof catalogueGroups) => found.flatMap(({ entries }) => entries.map(({ id }) => id));

describe('the catalogue', () => {
  it('has every method once, under the headings in their order', () => {
    expect(idsOf(catalogueGroups).sort()).toEqual(methodList.map(({ id }) => id).sort());
    const order = Object.keys(groups);
    const places = catalogueGroups.map(({ id }) => order.indexOf(id));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    for (const { entries } of catalogueGroups) expect(entries.length).toBeGreaterThan(0);
  });
});

describe('searchCatalogue', () => {
  it('finds names, terms and ids, with any case and any word first', () => {
    expect(idsOf(searchCatalogue('WANDA'))[0]).toBe('wanda');
    expect(idsOf(searchCatalogue('n:m'))).toContain('magnitude-n-m');
    expect(idsOf(searchCatalogue('  pruning   global'))).toEqual(['magnitude-global']);
    expect(idsOf(searchCatalogue('rtn'))).toContain('rtn');
  });

  it('looks into help, headings and sources where no name has the words', () => {
    expect(idsOf(searchCatalogue('namburi'))).toEqual(['magnitude-global', 'random', 'rows']);
    expect(idsOf(searchCatalogue('evenly spaced'))).toEqual(
      catalogue.filter(({ group }) => group === 'grid').map(({ id }) => id),
    );
  });

  it('finds nothing for what is not there', () => {
    expect(searchCatalogue('teleportation')).toEqual([]);
  });
});

describe('describeStep', () => {
  it('says what a step does where its slider stands', () => {
    const step = newStep('magnitude-global', 'mlp');
    expect(describeStep(step)).toBe('50 % of the weights removed (magnitude, MLP)');
    expect(describeStep(withExact(step, { sparsity: 0.55 }))).toMatch(/^55 % of the weights removed/);
    expect(describeStep({ ...step, level: 0 })).toMatch(/^left out \(/);
  });
});

describe('describeEffect', () => {
  it('is a step’s words without what it is applied to', () => {
    const step = newStep('rtn', 'attention');
    expect(describeStep(step)).toContain('attention');
    expect(describeEffect(step)).not.toContain('attention');
    expect(describeStep({ ...step, scope: 'overall' })).toContain(describeEffect(step).slice(0, -1));
  });
});

describe('withScope', () => {
  it('offers a single block where it is chosen, and nothing that is no scope', () => {
    const offers = [{ id: 'overall', label: 'Whole model', help: '' }];
    expect(withScope(offers, 'overall')).toBe(offers);
    expect(withScope(offers, 'nowhere')).toBe(offers);
    expect(withScope(offers, 'block-2.query').at(-1)).toMatchObject({ id: 'block-2.query', label: 'Block 2, query' });
  });
});
