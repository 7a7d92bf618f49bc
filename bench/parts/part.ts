import type { z } from 'zod';

/** How much is measured. */
export interface BenchSetting {
  /** Less of everything: to see that it works. */
  quick: boolean;
  /** How often each thing is timed. */
  rounds: number;
}

export interface Measured<T> {
  /** Of what was measured with, by name. */
  versions: Record<string, string>;
  data: T;
}

/** One of the measurements, whatever its numbers are. */
export interface BenchPart {
  /** As in `--only`. */
  id: string;
  title: string;
  measure(setting: BenchSetting): Promise<Measured<unknown>>;
  /**
   * What stands in RESULTS.md.
   *
   * @param data as it lies in results.json
   * @throws ZodError where it is of another shape
   */
  render(data: unknown): string;
}

/** @param schema what its numbers look like in results.json */
export function definePart<T>(part: {
  id: string;
  title: string;
  schema: z.ZodType<T>;
  measure(setting: BenchSetting): Promise<Measured<T>>;
  render(data: T): string;
}): BenchPart {
  const { id, title, schema } = part;
  return { id, title, measure: (setting) => part.measure(setting), render: (data) => part.render(schema.parse(data)) };
}
