const whole = new Intl.NumberFormat('en');

/** 5259 → "5,259". */
export const count = (value: number) => whole.format(value);

/** How many of how many: "30 of 120", "120" where it is all. */
export const partOf = (done: number, of: number) => (done < of ? `${count(done)} of ${count(of)}` : count(of));

/** Several counts: "30", or "30 to 120"; null of none. */
export function spread(values: readonly number[]): string | null {
  if (values.length === 0) return null;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low === high ? count(low) : `${count(low)} to ${count(high)}`;
}

/** 0.7134 → "71.3 %", with a space that does not break. */
export const percent = (share: number, digits = 1) => `${(share * 100).toFixed(digits)}\u00a0%`;

const signs = { between: '≈', 'at most': '≲', 'at least': '≳' };

interface Estimated {
  share: number;
  kind: keyof typeof signs;
}

/** An estimated share where there is little room: "≈ 71 %". */
export const roughly = ({ share, kind }: Estimated) => `${signs[kind]}\u00a0${percent(share, 0)}`;

/** An estimated share: "about 71 %", "at most about 71 %". */
export const about = ({ share, kind }: Estimated) =>
  `${kind === 'between' ? '' : `${kind} `}about ${percent(share, 0)}`;

/** Where an estimate comes from: "estimated from the levels 50 % and 70 %". */
export const estimatedFrom = (labels: readonly string[]) =>
  `estimated from the ${labels.length === 1 ? 'level' : 'levels'} ${labels.join(' and ')}`;

/** An interval of shares: "70.1 to 72.5 %". */
export const range = ({ low, high }: { low: number; high: number }) =>
  `${(low * 100).toFixed(1)} to ${(high * 100).toFixed(1)}\u00a0%`;

/** 18249105 → "18.2 MB". */
export function bytes(value: number): string {
  if (value >= 1e9) return `${(value / 1e9).toFixed(1)}\u00a0GB`;
  if (value >= 1e6) return `${(value / 1e6).toFixed(1)}\u00a0MB`;
  return value >= 1e3 ? `${(value / 1e3).toFixed(0)}\u00a0kB` : `${value.toFixed(0)}\u00a0bytes`;
}

/** 95 → "1 min 35 s". */
export function duration(seconds: number): string {
  const rounded = Math.max(0, Math.round(seconds));
  if (rounded < 60) return `${rounded}\u00a0s`;
  const minutes = Math.floor(rounded / 60);
  return minutes < 60 ? `${minutes} min ${rounded % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** 9049344 → "9.0 million". */
export const million = (value: number) =>
  value >= 1e6 ? `${(value / 1e6).toFixed(1)}\u00a0million` : `${count(Math.round(value))}`;
