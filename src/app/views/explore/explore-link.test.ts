import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { base64urlnopad } from '@scure/base';
import fc from 'fast-check';
import { deflateSync, inflateSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { methodList } from '../../../lab/compress/methods/index.ts';
import { maxSteps } from '../../../lab/compress/recipe.ts';
import { LabError } from '../../../lab/errors.ts';
import { stratifiedOrder } from '../../../lab/probe/order.ts';
import { wordingIds } from '../../../lab/suite/suite.ts';
import { longestLink } from '../../link/fragment.ts';
import type { LinkedLevel, LinkedResults } from '../../link/link-results.ts';
import { levelFromLink } from '../../projection/level-result.ts';
import { type Choice, curveOf, defaultChoice, levelsOf } from '../../recipe/curve.ts';
import { withExact } from '../../recipe/steps.ts';
import { models, suites } from '../../shipped.ts';
import { failure } from '../../test/fixture.ts';
import { type ExploreFocus, readExploreLink, writeExploreLink } from './explore-link.ts';

const nothing: ExploreFocus = { relation: null, probe: null };

function linkedLevel(level: number, hit: Uint8Array, more: Partial<LinkedLevel> = {}): LinkedLevel {
  const hits = hit.reduce((sum, value) => sum + value, 0);
  return {
    level,
    asked: hit.length,
    hit,
    hits5: hits,
    hits10: hit.length,
    mrr: 0.301234,
    sparsity: level / 10,
    bitsPerWeight: 16,
    bytes: 18_249_105,
    ...more,
  };
}

const header = {
  model: { sha256: 'a'.repeat(64), title: 'BERT, small & “trained” here' },
  suite: { sha256: 'b'.repeat(64), title: 'Facts' },
};
const relations = [
  { id: 'capital', label: 'Capital', probes: 10 },
  { id: 'is-a', label: 'Kind', probes: 27 },
];
const bits = (text: string) => Uint8Array.from(text, Number);
const results: LinkedResults = {
  ...header,
  relations,
  baseline: linkedLevel(0, bits('1111111111011111111111111111111110111')),
  levels: [linkedLevel(0, bits('1111111111011111111111111111111110111')), linkedLevel(5, bits('1011010'))],
};

/** What cannot be told apart by looking at the page is tried: every recipe, every level. */
function expectSound({ choice, results }: ReturnType<typeof readExploreLink>): void {
  const points = curveOf(choice);
  expect(points[choice.steps[choice.axis].level]).toBeDefined();
  if (!results) return;
  const order = stratifiedOrder(results.relations.map(({ probes }) => probes));
  for (const level of [results.baseline, ...results.levels]) {
    expect(level.hit).toHaveLength(level.asked);
    expect(levelFromLink(level, results, order).summary.probes).toBe(level.asked);
  }
}

/** Reads what may be damaged: it is refused in the way that the page knows, or it is sound. */
function tryLink(fragment: string): ReturnType<typeof readExploreLink> | null {
  try {
    const read = readExploreLink(fragment);
    expectSound(read);
    return read;
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    expect(error.kind).toBe('bad-link');
    expect(error.message).not.toBe('');
    expect(error.advice).toContain('link');
    return null;
  }
}

async function fault(fragment: string): Promise<string> {
  const { kind, message, advice } = await failure(() => readExploreLink(fragment));
  expect(kind).toBe('bad-link');
  expect(advice).toContain('link');
  return message;
}

/** A fragment whose fields are as given, the others as the page writes them; in the first form, whose steps are JSON. */
function changed(fields: Record<string, string>, withResults?: LinkedResults): string {
  const search = new URLSearchParams(writeExploreLink(defaultChoice, nothing, withResults));
  search.delete('v');
  search.set('steps', JSON.stringify(defaultChoice.steps));
  for (const [name, value] of Object.entries(fields)) search.set(name, value);
  return search.toString();
}

const withStep = (change: object) => changed({ steps: JSON.stringify([{ ...defaultChoice.steps[0], ...change }]) });

/** Suites with their wordings: those that are shipped, and one of the visitor's own, which may have any. */
const asked = fc.constantFrom(...suites.map(({ id, wordings }) => ({ suite: id, wordings })), {
  suite: 'own-0123456789ab',
  wordings: wordingIds,
});

const choices: fc.Arbitrary<Choice> = fc
  .array(
    fc.constantFrom(...methodList).chain((method) =>
      fc.record({
        method: fc.constant(method.id as Choice['steps'][number]['method']),
        // What models of every family have.
        scope: fc.constantFrom('overall', 'attention', 'mlp', 'decoder'),
        params: method.id === 'rtn' ? fc.constantFrom({}, { granularity: 'group-64' }) : fc.constant({}),
        level: fc.nat(method.axis.levels.length),
      }),
    ),
    { minLength: 1, maxLength: 4 },
  )
  .chain((steps) =>
    asked.chain(({ suite, wordings }) =>
      fc.record({
        model: fc.constantFrom(...models.map(({ id }) => id)),
        suite: fc.constant(suite),
        template: fc.constantFrom(...wordings),
        steps: fc.constant(steps),
        axis: fc.nat(steps.length - 1),
      }),
    ),
  );

/** As fine as links carry them. */
const share = fc.nat(1_000_000).map((millionths) => millionths / 1e6);

/** Results for a choice, each level asked as far as it happened to be. */
const resultsFor = ({ steps, axis }: Choice): fc.Arbitrary<LinkedResults> =>
  fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 }).chain((sizes) => {
    const total = sizes.reduce((sum, size) => sum + size, 0);
    const level = fc
      .record({
        level: fc.nat(levelsOf(steps[axis]).length - 1),
        hit: fc.uint8Array({ min: 0, max: 1, minLength: 1, maxLength: total }),
        hits5: fc.nat(),
        hits10: fc.nat(),
        mrr: share,
        sparsity: share,
        bitsPerWeight: fc.nat(640_000).map((parts) => parts / 1e4),
        bytes: fc.nat(),
      })
      .map((given) => ({ ...given, asked: given.hit.length }));
    const strange = fc.record({
      model: fc.record({ sha256: fc.constant('0f'.repeat(32)), title: fc.string({ unit: 'binary', maxLength: 90 }) }),
      suite: fc.record({ sha256: fc.constant('9e'.repeat(32)), title: fc.string({ maxLength: 90 }) }),
      relations: fc.constant(sizes.map((probes, at) => ({ id: `r-${at}`, label: `Größe & Maß ${at}`, probes }))),
    });
    // Of a shipped suite, in an order of their own.
    const [suite] = suites;
    const known = fc.record({
      model: fc.constantFrom(...models.map(({ sha256, title }) => ({ sha256, title }))),
      suite: fc.constant({ sha256: suite.sha256, title: suite.title }),
      relations: fc
        .shuffledSubarray([...suite.relations], { minLength: sizes.length, maxLength: sizes.length })
        .map((names) => names.map(([id, label], at) => ({ id, label, probes: sizes[at] }))),
    });
    return fc
      .tuple(
        fc.oneof(strange, known),
        fc.record({
          baseline: level,
          levels: fc.array(level, { maxLength: 8 }),
        }),
      )
      .map(([header, measured]) => ({ ...header, ...measured }));
  });

const text = fc.string({ unit: 'binary', maxLength: 40 });
const views: fc.Arbitrary<ExploreFocus> = fc.record({ relation: fc.option(text), probe: fc.option(fc.nat()) });

describe('a link', () => {
  it('brings back the choice, the view and the results', () => {
    const everything = choices.chain((choice) =>
      fc.record({ choice: fc.constant(choice), view: views, results: fc.option(resultsFor(choice)) }),
    );
    fc.assert(
      fc.property(everything, ({ choice, view, results }) => {
        const fragment = writeExploreLink(choice, view, results ?? undefined);
        expect(readExploreLink(fragment)).toEqual({ choice, view, results });
        expect(readExploreLink(`#${fragment}`)).toEqual({ choice, view, results });
        expect(fragment).toMatch(/^[\w.~!$&'()*+,;=:@/?%-]*$/);
      }),
    );
  });

  it('says in plain text what it shows', () => {
    const fields = new URLSearchParams(writeExploreLink(defaultChoice, { relation: 'capital', probe: 7 }, results));
    expect(Object.fromEntries(fields)).toMatchObject({
      model: defaultChoice.model,
      suite: defaultChoice.suite,
      template: defaultChoice.template,
      steps: 'magnitude-global,overall,5',
      relation: 'capital',
      probe: '7',
    });
    expect(
      writeExploreLink({ ...defaultChoice, steps: [...defaultChoice.steps, ...defaultChoice.steps], axis: 1 }, nothing),
    ).toContain('steps=magnitude-global,overall,5;magnitude-global,overall,5&axis=1');
  });

  it('without anything gives the start page', () => {
    for (const empty of ['', '#'])
      expect(readExploreLink(empty)).toEqual({ choice: defaultChoice, view: nothing, results: null });
  });

  it('may leave out what is as on the start page', () => {
    expect(readExploreLink('#template=paraphrase').choice).toEqual({ ...defaultChoice, template: 'paraphrase' });
    expect(readExploreLink('steps=[{"method":"rtn"}]').choice.steps).toEqual([
      { method: 'rtn', scope: 'overall', params: {}, level: 0 },
    ]);
  });

  it('brings back a level of one’s own, and counts it among those that results are for', () => {
    const steps = [withExact(defaultChoice.steps[0], { sparsity: 0.55 })];
    const choice = { ...defaultChoice, steps };
    const last = levelsOf(steps[0]).length - 1;
    const own = { ...results, levels: [linkedLevel(last, bits('1'))] };
    expect(readExploreLink(writeExploreLink(choice, nothing, own))).toEqual({ choice, view: nothing, results: own });
    expect(curveOf(readExploreLink(writeExploreLink(choice, nothing)).choice)[steps[0].level].recipe).toMatchObject([
      { sparsity: 0.55 },
    ]);
  });

  it('may have keys that this version does not know', () => {
    const fragment = `${writeExploreLink(defaultChoice, nothing, results)}&later=1&__proto__=x&constructor=y`;
    expect(readExploreLink(fragment)).toEqual({ choice: defaultChoice, view: nothing, results });
  });

  it('stays under 16,000 characters with ten full levels', () => {
    const count = 5259;
    // Every probe has a strength at which it goes out, and one in 25 says the opposite at any level.
    let state = 1;
    const random = () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    };
    const strengths = Float64Array.from({ length: count }, () => random() ** 0.7 * 10);
    const level = (number: number) => {
      const hit = Uint8Array.from(strengths, (strength) => (strength > number !== random() < 0.04 ? 1 : 0));
      return linkedLevel(number, hit, { mrr: random(), sparsity: random(), hits5: 4000 + number, bytes: 1e7 + number });
    };
    const fragment = writeExploreLink(defaultChoice, nothing, {
      ...header,
      relations: Array.from({ length: 29 }, (_, at) => ({
        id: `relation-${at}`,
        label: `Name of the relation ${at}`,
        probes: at < 10 ? 182 : 181,
      })),
      baseline: level(0),
      levels: Array.from({ length: 10 }, (_, at) => level(at)),
    });
    expect(readExploreLink(fragment).results?.levels.map(({ asked }) => asked)).toEqual(Array(10).fill(count));
    expect(fragment.length).toBeLessThan(16_000);
  });
});

describe('a link of the first version', () => {
  // As the lab wrote it when it knew one model and one suite.
  const steps = [{ method: 'magnitude-global', scope: 'overall', params: {}, level: 6 }];
  const fields = {
    model: 'bert-small',
    suite: 'facts',
    template: 'paraphrase',
    steps: JSON.stringify(steps),
    axis: '0',
  };
  const old = new URLSearchParams(fields).toString();

  it('opens what it named', () => {
    expect(readExploreLink(`#${old}&relation=capital&probe=3`)).toEqual({
      choice: { model: 'bert-small', suite: 'facts', template: 'paraphrase', steps, axis: 0 },
      view: { relation: 'capital', probe: 3 },
      results: null,
    });
  });

  it('still shows its results', () => {
    const packed =
      'pZCxTsMwEIYLvMnNVmXTOoMlJiRmBiSGKoOTXMkJk1b2NSiK-m48DSuvwDnQqlNVqTedrf_-77_D74ev2ezmZ4QenFFQ72KP4AC1tcavi_WyXtRFo0HBx6bBAG6E1Pp7W4jIX1liysQh816oG2CvIO2I5X0Cqa6sE8gTfmZGxOCZNl0Ct1pB7bfEPojs8dAZXZYKKp8wUDelCdjn3bUCn96xkVNJ2xInC27x1xkNbilXilF0cyurbH1MxMM0VoniGeMr0lvLMl7I18AoEYzWWkJNhJzoCBPJP0xsL2fNs_V5Wrkf725_AQ';
    expect(readExploreLink(`${old}&results=${packed}`).results).toMatchObject({
      model: { title: 'Tiny' },
      relations: [{ id: 'capital', label: 'Capital', probes: 10 }],
      baseline: { asked: 10, hit: Uint8Array.of(1, 1, 0, 1, 1, 1, 1, 0, 1, 1) },
      levels: [{ level: 6, asked: 4, hit: Uint8Array.of(1, 0, 0, 1) }],
    });
  });
});

/** A link whose results are these bytes behind a checksum that fits. */
const withBytes = (bytes: Uint8Array) =>
  `results=${base64urlnopad.encode(deflateSync(concatBytes(sha256(bytes).subarray(0, 4), bytes)))}`;

/** As the first version packed results. */
function packedAtFirst(header: object, ...hits: readonly Uint8Array[]): string {
  const json = utf8ToBytes(JSON.stringify(header));
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, json.length);
  return withBytes(concatBytes(length, json, ...hits));
}

/** What a link's results are unpacked, behind their checksum. */
const unpacked = (link: string) =>
  inflateSync(base64urlnopad.decode(new URLSearchParams(link).get('results') ?? '')).slice(4);

describe('results as the first version packed them', () => {
  const level = { level: 0, asked: 8, hits5: 8, hits10: 8, mrr: 1, sparsity: 0, bitsPerWeight: 16, bytes: 1000 };
  const bytes = unpacked(writeExploreLink(defaultChoice, nothing, results));
  const curve = Array.from(bytes.subarray(1, 9), (byte) => byte.toString(16).padStart(2, '0')).join('');
  const whole = { v: 1, curve, ...header, relations: [['capital', 'Capital', 8]], baseline: level, levels: [level] };

  it('are read to the last digit', () => {
    const exact = { ...whole, baseline: { ...level, mrr: 0.1 + 0.2 } };
    const { results: read } = readExploreLink(
      packedAtFirst(exact, Uint8Array.of(0b0111_1111), Uint8Array.of(0b0100_0000)),
    );
    expect(read?.baseline).toMatchObject({ mrr: 0.1 + 0.2, hit: bits('11111110') });
    expect(read?.levels[0].hit).toEqual(bits('11111100'));
  });

  it.each([
    ['a size that is no number', { baseline: { ...level, bytes: null } }, 'baseline.bytes: '],
    ['a hash that is none', { model: { sha256: 'abc', title: '' } }, 'model.sha256: '],
    ['a title without end', { model: { ...header.model, title: 'x'.repeat(201) } }, 'model.title: '],
    ['more bits than they say', { levels: [] }, 'their own description'],
  ])('with %s are refused', async (_, change, message) => {
    const link = packedAtFirst({ ...whole, ...change }, Uint8Array.of(255), Uint8Array.of(0));
    expect(await fault(link)).toContain(message);
  });
});

describe('results of a shipped suite', () => {
  const [suite] = suites;
  const ofShipped: LinkedResults = {
    ...results,
    model: { sha256: models[0].sha256, title: models[0].title },
    suite: { sha256: suite.sha256, title: suite.title },
    relations: suite.relations.slice(0, 2).map(([id, label], at) => ({ id, label, probes: relations[at].probes })),
  };

  it('come without the names that this lab knows', () => {
    const link = writeExploreLink(defaultChoice, nothing, ofShipped);
    expect(readExploreLink(link).results).toEqual(ofShipped);
    const text = new TextDecoder().decode(unpacked(link));
    for (const name of [models[0].title, suite.title, suite.relations[0][1]]) expect(text).not.toContain(name);
  });

  it('still open when the suite was replaced: its relations have numbers for names', () => {
    const bytes = unpacked(writeExploreLink(defaultChoice, nothing, ofShipped));
    // Version, curve, the model's hash and flag; then the suite's hash.
    const other = bytes.map((byte, at) => (at >= 42 && at < 74 ? 7 : byte));
    const { results: read } = readExploreLink(withBytes(other));
    expect(read?.suite).toEqual({ sha256: '07'.repeat(32), title: 'not shipped any more' });
    expect(read?.relations).toEqual([
      { id: 'relation-1', label: 'Relation 1', probes: 10 },
      { id: 'relation-2', label: 'Relation 2', probes: 27 },
    ]);
    expect(read?.baseline).toEqual(ofShipped.baseline);
  });

  it('of a version that is not known yet are refused', async () => {
    const bytes = unpacked(writeExploreLink(defaultChoice, nothing, ofShipped));
    expect(await fault(withBytes(bytes.with(0, 3)))).toContain('newer version');
  });
});

describe('a link whose settings were edited', () => {
  it('does not show its results as those of another curve', async () => {
    expect(await fault(changed({ template: 'paraphrase' }, results))).toContain('computed with other settings');
    const steps = JSON.stringify([{ ...defaultChoice.steps[0], method: 'magnitude-layer' }]);
    expect(await fault(changed({ steps }, results))).toContain('computed with other settings');
  });

  it('keeps its results where the slider alone was moved', () => {
    const steps = JSON.stringify([{ ...defaultChoice.steps[0], level: 2 }]);
    expect(readExploreLink(changed({ steps }, results)).results).toEqual(results);
  });
});

describe('a link with levels that are alike', () => {
  it('takes hardly more than one with a single level', () => {
    const hit = Uint8Array.from({ length: 37 * 50 }, (_, at) => (Math.sin(at * at) > 0 ? 1 : 0));
    const many = Array.from({ length: 10 }, (_, at) => ({ id: `r-${at}`, label: `R ${at}`, probes: 185 }));
    const lengthWith = (count: number) => {
      const levels = Array(count).fill(linkedLevel(1, hit));
      return writeExploreLink(defaultChoice, nothing, {
        ...header,
        relations: many,
        baseline: linkedLevel(0, hit),
        levels,
      }).length;
    };
    expect(lengthWith(10) - lengthWith(1)).toBeLessThan(100);
  });
});

describe('a mangled link', () => {
  const whole = writeExploreLink(defaultChoice, { relation: 'capital', probe: 7 }, results);
  const begin = whole.indexOf('results=') + 'results='.length;

  it('that was cut is refused, or has lost a field that it can do without', () => {
    for (let at = 0; at < whole.length; at++) {
      const read = tryLink(whole.slice(0, at));
      if (at >= begin - 1) expect(read, `cut at ${at}`).toBeNull();
      else expect(read?.results ?? null).toBeNull();
    }
  });

  it('with another character in its results is refused', () => {
    const characters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=%+ é\0';
    fc.assert(
      fc.property(
        fc.integer({ min: begin, max: whole.length - 1 }),
        fc.constantFrom(...characters),
        (at, character) => {
          fc.pre(whole[at] !== character);
          // Some bits behind the end of the packed data mean nothing.
          const read = tryLink(whole.slice(0, at) + character + whole.slice(at + 1));
          if (read) expect(read.results).toEqual(results);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('with another character, or one too many or too few, anywhere is refused or sound', () => {
    fc.assert(
      fc.property(fc.nat(whole.length), fc.string({ unit: 'binary', maxLength: 2 }), fc.nat(2), (at, added, cut) => {
        tryLink(whole.slice(0, at) + added + whole.slice(at + cut));
      }),
      { numRuns: 1000 },
    );
  });

  it('of random fields is refused or sound', () => {
    const step = fc.record(
      {
        method: fc.oneof(fc.constantFrom('rtn', 'wanda', 'toString', '__proto__'), fc.jsonValue()),
        scope: fc.oneof(fc.constantFrom('overall', 'mlp', 'hasOwnProperty'), fc.jsonValue()),
        params: fc.oneof(
          fc.dictionary(fc.constantFrom('bits', 'm', 'method', '__proto__'), fc.jsonValue()),
          fc.jsonValue(),
        ),
        level: fc.oneof(fc.nat(12), fc.jsonValue()),
      },
      { requiredKeys: [] },
    );
    const steps = fc.oneof(fc.array(step, { maxLength: 5 }), fc.jsonValue()).map((value) => JSON.stringify(value));
    const anything = fc.string({ unit: 'binary', maxLength: 40 });
    const number = fc.oneof(fc.integer().map(String), fc.double().map(String), anything);
    const fields = fc.record(
      {
        model: fc.oneof(fc.constantFrom('bert-small', '../x', '__proto__'), anything),
        suite: fc.oneof(fc.constantFrom('facts', 'own-0123456789ab', 'own-0'), anything),
        template: fc.oneof(fc.constantFrom('seen', 'paraphrase'), anything),
        steps: fc.oneof(steps, anything),
        axis: number,
        relation: anything,
        probe: number,
        results: fc.oneof(fc.base64String(), anything),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fields, (given) => void tryLink(new URLSearchParams(given).toString())),
      { numRuns: 1000 },
    );
    fc.assert(
      fc.property(anything, (fragment) => void tryLink(fragment)),
      { numRuns: 1000 },
    );
  });

  it('of random packed bytes is refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, isPacked) => {
        const packed = base64urlnopad.encode(isPacked ? deflateSync(bytes) : bytes);
        expect(tryLink(changed({ results: packed }))).toBeNull();
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['an unknown template', changed({ template: 'upside-down' }), 'template: '],
    ['a model that is no name', changed({ model: '../../etc' }), 'model: '],
    [
      'a model that is not shipped',
      changed({ model: 'bert-huge' }),
      `bert-huge, which this lab does not ship; it ships ${models[0].id}`,
    ],
    ['a suite that is not shipped', changed({ suite: 'rumours' }), 'rumours, which this lab does not ship'],
    ['a suite that is almost one of the visitor’s own', changed({ suite: 'own-012' }), 'own-012, which this lab'],
    [
      'a wording that its suite has not',
      changed({ template: 'given' }),
      'asks facts as given; it can be asked as seen',
    ],
    ['layers that its model has not', withStep({ scope: 'cross-attention' }), 'has no cross-attention'],
    ['steps that are no JSON', changed({ steps: '[{' }), 'its steps cannot be read'],
    ['no step', changed({ steps: '[]' }), 'steps: '],
    ['an unknown method', withStep({ method: 'gzip' }), 'is no method of this lab'],
    ['a method that is a property of every object', withStep({ method: 'constructor' }), 'is no method of this lab'],
    ['a key that no step has', withStep({ colour: 'red' }), 'steps.0: '],
    ['a level beyond the last', withStep({ level: 11 }), 'level 11 that magnitude-global does not have'],
    ['a level below the first', withStep({ level: -1 }), 'steps.0.level: '],
    ['half a level', withStep({ level: 0.5 }), 'steps.0.level: '],
    ['an axis beyond the steps', changed({ axis: '1' }), 'runs over step 2, which is not there'],
    ['an axis below the first step', changed({ axis: '-1' }), 'axis: '],
    ['an axis that is no number', changed({ axis: 'x' }), 'axis: '],
    ['a parameter out of range', withStep({ method: 'rtn', params: { granularity: 'group-1' } }), 'granularity is'],
    ['a parameter that the method has not', withStep({ params: { bits: 4 } }), 'has no parameter "bits"'],
    ['a parameter that is a list', withStep({ params: { sparsity: [1] } }), 'steps.0.params.sparsity: '],
    ['an unknown scope', withStep({ scope: 'everything' }), 'scope is "everything"'],
    ['a probe that is no number', changed({ probe: 'seven' }), 'probe: '],
    ['empty results', changed({ results: '' }), 'they end too early'],
    ['results that are no base64', changed({ results: '*' }), 'damaged'],
  ])('with %s is refused', async (_, fragment, message) => expect(await fault(fragment)).toContain(message));

  it('with a sparsity of 1.5 is refused, even where the slider would override it', async () => {
    const message = await fault(withStep({ params: { sparsity: 1.5 } }));
    expect(message).toContain('sparsity is 1.5');
  });

  it.each([
    ['of parameters that the slider does not set', { scheme: 'asymmetric' }],
    ['of a part of them', {}],
    ['that lies nowhere', { bits: 'few' }],
  ])('with a level of its own %s is refused', async (_, own) =>
    expect(await fault(withStep({ method: 'rtn', own }))).toContain('a level of its own that rtn cannot have'),
  );

  it('with a level of its own that its method does not take is refused', async () => {
    expect(await fault(withStep({ method: 'rtn', own: { bits: 9 } }))).toContain('bits is 9; allowed');
    expect(await fault(withStep({ method: 'magnitude-n-m', level: 1, own: { n: 9, m: 8 } }))).toContain('n is 9');
  });

  it('with more steps than a recipe has is refused', async () => {
    const many = (count: number) => changed({ steps: JSON.stringify(Array(count).fill(defaultChoice.steps[0])) });
    expect(readExploreLink(many(maxSteps)).choice.steps).toHaveLength(maxSteps);
    expect(await fault(many(maxSteps + 1))).toContain('steps: ');
  });

  it('with results for other levels is refused', async () => {
    const steps = [{ method: 'magnitude-n-m' as const, scope: 'overall', params: {}, level: 1 }];
    const last = levelsOf({ method: 'magnitude-n-m' }).length - 1;
    const at = (level: number) =>
      writeExploreLink({ ...defaultChoice, steps }, nothing, { ...results, levels: [linkedLevel(level, bits('1'))] });
    expect(readExploreLink(at(last)).results?.levels[0].level).toBe(last);
    expect(await fault(at(last + 1))).toContain('for other levels');
  });

  it.each([
    ['more probes asked than there are', { baseline: linkedLevel(0, new Uint8Array(38)) }, 'their own description'],
    ['another count than its bits', { baseline: { ...results.baseline, asked: 7 } }, 'their own description'],
    ['nothing asked', { baseline: linkedLevel(0, new Uint8Array()) }, 'baseline.asked: '],
    ['a share beyond 1', { levels: [linkedLevel(1, bits('1'), { sparsity: 1.5 })] }, 'levels.0.sparsity: '],
    [
      'weights of a kilobit',
      { levels: [linkedLevel(1, bits('1'), { bitsPerWeight: 1024 })] },
      'levels.0.bitsPerWeight: ',
    ],
    ['no relation', { relations: [] }, 'relations: '],
    ['more probes in a relation than memory', { relations: [{ ...relations[0], probes: 1e9 }] }, 'relations.0.2: '],
  ])('whose results have %s is refused', async (_, change, message) => {
    expect(await fault(writeExploreLink(defaultChoice, nothing, { ...results, ...change }))).toContain(message);
  });

  it('that is too long is refused before it is unpacked', async () => {
    const padded = (length: number) => `${whole}&x=`.padEnd(length, 'y');
    expect(readExploreLink(padded(longestLink)).results).toEqual(results);
    expect(await fault(padded(longestLink + 1))).toBe(
      'The link has 64001 characters; the longest that this lab makes has 64000.',
    );
  });

  it('that would unpack to gigabytes is refused while it is small', async () => {
    const bomb = base64urlnopad.encode(deflateSync(new Uint8Array(40_000_000)));
    expect(bomb.length).toBeLessThan(longestLink - 1000);
    expect(await fault(changed({ results: bomb }))).toContain('unpack to more than any result is');
  });
});
