import { z } from 'zod';
import { isMethodId } from '../../../lab/compress/methods/index.ts';
import { longestTag } from '../../../lab/result/file.ts';
import { nameSchema, parseFields } from '../../link/fields.ts';
import { fromFragment, toFragment } from '../../link/fragment.ts';

export { longestTag };

/** What the list can be sorted by. */
export const sortKeys = ['recipe', 'model', 'questions', 'asked', 'share', 'size', 'when', 'took'] as const;
export type SortKey = (typeof sortKeys)[number];

/** All that the controls of the view choose: what its link carries. */
export interface LibraryChoice {
  /** Words that are searched for. */
  search: string;
  model: string | null;
  suite: string | null;
  method: string | null;
  tag: string | null;
  sort: SortKey;
  direction: 'ascending' | 'descending';
}

/** The latest first. */
export const startLibrary: LibraryChoice = {
  search: '',
  model: null,
  suite: null,
  method: null,
  tag: null,
  sort: 'when',
  direction: 'descending',
};

const schema = z.object({
  q: z.string().max(200).default(''),
  of: nameSchema.nullable().default(null),
  from: nameSchema.nullable().default(null),
  method: z
    .string()
    .refine((value) => isMethodId(value), 'is no method of this lab')
    .nullable()
    .default(null),
  tag: z.string().min(1).max(longestTag).nullable().default(null),
  sort: z.enum(sortKeys).default('when'),
  order: z.enum(['ascending', 'descending']).default('descending'),
  // What other views' links name beside their own; the list is of all models and suites unless it is narrowed.
  model: nameSchema.optional(),
  suite: nameSchema.optional(),
});

/** The fragment of a link to this view (without `#`). */
export const writeLibraryLink = ({ search, model, suite, method, tag, sort, direction }: LibraryChoice): string =>
  toFragment('library', {
    q: search === '' ? null : search,
    of: model,
    from: suite,
    method,
    tag,
    sort: sort === startLibrary.sort ? null : sort,
    order: direction === startLibrary.direction ? null : direction,
  });

/**
 * Reads a link to this view. Every part of it is checked: it comes from anybody.
 *
 * @throws LabError `bad-link` that says what is wrong
 */
export function readLibraryLink(fragment: string): LibraryChoice {
  const { q, of, from, method, tag, sort, order } = parseFields(schema, fromFragment(fragment));
  return { search: q, model: of, suite: from, method, tag, sort, direction: order };
}
