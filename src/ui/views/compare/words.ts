/** 0.00004 → "< 0.0001". */
export const pWords = (p: number) => (p < 0.0001 ? '< 0.0001' : p.toFixed(p < 0.01 ? 4 : 3));

/** 0.00004 → "< 0.0001", 0.5 → "= 0.500". */
export const pEquation = (p: number) => (p < 0.0001 ? pWords(p) : `= ${pWords(p)}`);

/** 0.051 → "+5.1": a difference of shares in percentage points. */
export const pointWords = (share: number) =>
  `${share > 0 ? '+' : share < 0 ? '−' : ''}${Math.abs(share * 100).toFixed(1)}`;
