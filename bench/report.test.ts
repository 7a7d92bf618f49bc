import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { digits, duration, durations, median } from './numbers.ts';
import { parts } from './parts/index.ts';
import { definePart } from './parts/part.ts';
import { renderResults } from './report.ts';
import { type BenchEntry, type BenchResults, readResults, thisMachine, writeResults } from './results.ts';

const part = (id: string) =>
  definePart({
    id,
    title: `About ${id}`,
    schema: z.object({ answer: z.number() }),
    measure: async () => ({ versions: {}, data: { answer: 1 } }),
    render: ({ answer }) => `The answer is ${answer}.`,
  });
const entry = (data: unknown, more: Partial<BenchEntry> = {}): BenchEntry => ({
  date: '2026-11-25T10:00:00.000Z',
  machine: { processor: 'Some processor', cores: 4, usable: 2, gigabytes: 8, system: 'linux' },
  versions: { Node: '20.1.0', runtime: '1.2' },
  quick: false,
  rounds: 5,
  seconds: 75,
  data,
  ...more,
});
const store = (entries: BenchResults['parts']): BenchResults => ({ format: 'lossy-bench-1', parts: entries });

test('each part stands with its own date, machine and versions; what was never run is left out', () => {
  const other = { processor: 'Another one', cores: 8, usable: 8, gigabytes: 16, system: 'darwin' };
  const text = renderResults(
    [part('first'), part('second'), part('third')],
    store({
      first: entry({ answer: 42 }),
      second: entry({ answer: 7 }, { date: '2026-12-01T00:00:00Z', machine: other, quick: true, rounds: 1 }),
    }),
  );
  const [, first, second, ...more] = text.split('\n## ');
  expect(more).toEqual([]);
  expect(first).toContain('About first');
  expect(first).toContain('The answer is 42.');
  expect(first).toContain('2026-11-25, Some processor (2 of 4 cores, 8 GB, linux); 5 rounds, 75.0 s in all.');
  expect(first).toContain('Node 20.1.0, runtime 1.2.');
  expect(first).not.toContain('quick run');
  expect(second).toContain('2026-12-01, Another one (8 of 8 cores, 16 GB, darwin); 1 round,');
  expect(second).toContain('A quick run');
});

test('numbers of another shape are refused instead of shown', () => {
  expect(() => renderResults([part('first')], store({ first: entry({ answer: 'many' }) }))).toThrow();
});

test('the store is read back as it was written; no file is an empty one, and a broken one is refused', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lossy-bench-'));
  try {
    const file = join(folder, 'results.json');
    expect(readResults(file)).toEqual(store({}));
    const results = store({ first: entry({ answer: 42 }, { machine: thisMachine() }) });
    writeResults(file, results);
    expect(readResults(file)).toEqual(results);
    writeFileSync(file, '{"format": "lossy-bench-0", "parts": {}}');
    expect(() => readResults(file)).toThrow();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('numbers keep three digits, and times their unit', () => {
  expect([0.012345, 1.2345, 12.345, 123.45, 1234.5].map(digits)).toEqual(['0.0123', '1.23', '12.3', '123', '1,235']);
  expect([0.9999, 9.999].map(digits)).toEqual(['1.00', '10.0']);
  expect([0.0005, 0.25, 0.9999, 2.5].map(duration)).toEqual(['0.500 ms', '250 ms', '1.00 s', '2.50 s']);
  expect(durations([3, 1, 2])).toBe('2.00 s (1.00 s–3.00 s)');
  expect(durations([2])).toBe('2.00 s');
  expect([median([5, 1, 3]), median([4, 1, 3, 2])]).toEqual([3, 2.5]);
});

/** What a part makes of its numbers. */
const rendered = (id: string, data: unknown) => parts.find((part) => part.id === id)!.render(data);

test('the lab’s ratios are of medians, and to the fastest of each kind', () => {
  const row = (name: string, kind: string, seconds: number[]) => ({ name, kind, seconds, agreement: 1 });
  const text = rendered('node', {
    place: 'Node',
    prompts: 100,
    threads: 2,
    rows: [
      row('slow arrays', 'batched', [8, 8, 8]),
      row('fast arrays', 'batched', [4, 4, 5]),
      row('by hand', 'plain', [2, 3, 3]),
      row('native', 'native', [0.5, 0.5, 0.5]),
      row('the lab', 'lab', [1, 1, 2]),
    ],
  });
  expect(text).toContain('(fast arrays): **4.00 ×**, in single rounds 2.50–4.00');
  expect(text).toContain('(by hand): **3.00 ×**, in single rounds 1.50–3.00');
  expect(text).toContain('(native): **0.500 ×**, in single rounds 0.250–0.500');
  expect(text).toMatch(/\| slow arrays +\| +12\.5 \| +12\.5–12\.5 \| +8\.00 × \|/);
});

test('the times of a slider add up round by round', () => {
  const text = rendered('slider', {
    threads: 2,
    models: [{ parameters: 9_000_000, levels: [{ name: 'a', ready: [0.1, 0.2], first: [1, 0.3], more: [2, 0.5] }] }],
  });
  expect(text).toMatch(
    /9\.0 M \| a +\| 150 ms \(100 ms–200 ms\) \| 800 ms \(500 ms–1\.10 s\) \| 2\.05 s \(1\.00 s–3\.10 s\)/,
  );
});

test('the share of the peak is that of the operations that are needed', () => {
  const text = rendered('peak', {
    runs: [
      {
        threads: 1,
        products: [
          { m: 1, k: 1, n: 1, flops: 4e9, seconds: [0.1] },
          { m: 2, k: 3, n: 4, flops: 4e9, seconds: [0.2] },
        ],
        lab: { probes: 100, needed: 1e9, written: 3e9, seconds: [0.1] },
      },
    ],
  });
  expect(text).toMatch(/\[2 × 3\] · \[3 × 4\] +\| +20\.0 \| 20\.0–20\.0 \| +50\.0 %/);
  expect(text).toMatch(/the lab asks bert-small\*\* \| +10\.0 \| 10\.0–10\.0 \| +25\.0 %/);
  expect(text).toContain('10.0 MFLOP a probe');
  expect(text).toContain('are 30.0 MFLOP');
});

test('a straight cost is told as straight', () => {
  const points = [1, 2, 4].map((x) => ({ x: x * 1000, seconds: [x, x, x] }));
  const text = rendered('scale', { threads: 2, series: [{ name: 'Asking', unit: 'probes', points }] });
  expect(text).toContain('1.00 s for 1,000 probes, R² 1.00000, at most 0.0 % off');
  expect(text).toContain('(1 is linear): **1.00**');
});

test('memory grows from the second sample to the last', () => {
  const sample = (levels: number, script: number, resident: number | null) => ({
    levels,
    script: script * 2 ** 20,
    resident: resident && resident * 2 ** 20,
  });
  const samples = [sample(1, 10, 100), sample(50, 20, 200), sample(200, 21, 210)];
  expect(rendered('memory', { model: 'm', probes: 192, samples })).toContain(
    'From level 50 to level 200: JavaScript 5.0 %, resident 5.0 %.',
  );
  const untold = samples.map((each) => ({ ...each, resident: null }));
  expect(rendered('memory', { model: 'm', probes: 192, samples: untold })).toContain('resident unknown');
});

test('a visit’s bytes are told by what they are for, with the time that the line alone needs', () => {
  const visit = {
    firstPaint: 1,
    firstNumber: 5,
    firstCurve: 6,
    bytes: { page: 1e6, runtime: 3e6, model: 5e6, suite: 1e6 },
  };
  const text = rendered('network', { megabits: 10, milliseconds: 40, hosts: [{ name: 'here', visits: [visit] }] });
  expect(text).toMatch(/here \| +1\.00 s \| +5\.00 s \| +6\.00 s/);
  expect(text).toMatch(/here \| 1\.00 \| +3\.00 \| +5\.00 \| +1\.00 \| +10\.0/);
  expect(text).toContain('needs 8.00 s for them');
});
