import fc from 'fast-check';
import { expect } from 'vitest';
import { LabError } from '../../lab/errors.ts';

/** A view's link: what reads it, and what writes what was read. */
interface LinkForm<T> {
  read: (fragment: string) => T;
  write: (choice: T) => string;
}

/**
 * Tries fields that hold anything: each is refused in the way that the page knows, or what is read of it is sound, since
 * it comes back from a link of its own.
 *
 * @param names the fields that may be there
 * @param options.prefix what stands before them
 */
export function expectSoundLinks<T>(
  names: readonly string[],
  { read, write }: LinkForm<T>,
  {
    prefix = '',
    numRuns = 500,
    value = fc.string({ unit: 'binary', maxLength: 40 }),
  }: { prefix?: string; numRuns?: number; value?: fc.Arbitrary<string> } = {},
): void {
  const fields = fc.record(Object.fromEntries(names.map((name) => [name, value])), { requiredKeys: [] });
  fc.assert(
    fc.property(fields, (given) => {
      try {
        const found = read(`${prefix}${new URLSearchParams(given as Record<string, string>)}`);
        expect(read(write(found))).toEqual(found);
      } catch (error) {
        if (!(error instanceof LabError)) throw error;
        expect(error.kind).toBe('bad-link');
      }
    }),
    { numRuns },
  );
}
