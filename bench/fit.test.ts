import { expect, test } from 'vitest';
import { fitLine, growth } from './fit.ts';

test('points on a line give that line, and nothing is left over', () => {
  const line = fitLine([1, 2, 5, 10].map((x) => ({ x, y: 3 + 2 * x })));
  expect(line.intercept).toBeCloseTo(3, 12);
  expect(line.slope).toBeCloseTo(2, 12);
  expect(line.explained).toBeCloseTo(1, 12);
  expect(line.worst).toBeCloseTo(0, 12);
});

test('a point beside the line is told as a share of itself', () => {
  // By hand: the means are 1 and 13/6, the slope (4 − 2) / 2, and the points lie 5/6 above, 5/3 below and 5/6 above.
  const line = fitLine([
    { x: 0, y: 2 },
    { x: 1, y: 0.5 },
    { x: 2, y: 4 },
  ]);
  expect(line.slope).toBeCloseTo(1, 12);
  expect(line.intercept).toBeCloseTo(7 / 6, 12);
  const total = [2, 0.5, 4].reduce((sum, y) => sum + (y - 13 / 6) ** 2, 0);
  const left = (5 / 6) ** 2 + (5 / 3) ** 2 + (5 / 6) ** 2;
  expect(line.explained).toBeCloseTo(1 - left / total, 12);
  expect(line.worst).toBeCloseTo(5 / 3 / 0.5, 12);
});

test('what does not change is explained in full', () => {
  expect(fitLine([1, 2, 3].map((x) => ({ x, y: 4 })))).toMatchObject({ slope: 0, intercept: 4, explained: 1 });
});

test('points at one place give no line', () => {
  expect(() =>
    fitLine([
      { x: 1, y: 1 },
      { x: 1, y: 2 },
    ]),
  ).toThrow('two different places');
});

test.each([0.5, 1, 2])('growth finds the exponent %d', (exponent) => {
  expect(growth([1, 3, 9, 85].map((x) => ({ x, y: 0.7 * x ** exponent })))).toBeCloseTo(exponent, 12);
});
