import { z } from 'zod';
import { familyIds } from '../src/lab/family/index.ts';
import { readJson } from '../src/lab/json.ts';

const text = z.string().min(1);
const bytes = z.int().positive();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 is 64 hexadecimal digits in lower case');
// Ids and names become parts of addresses: neither may lead out of the model's folder.
const id = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'an id is made of lower-case letters, digits and hyphens');
const name = z.string().regex(/^[\w-]+(\.[\w-]+)*$/, 'a file name is plain: letters, digits, _, - and single dots');

const cardSchema = z.object({
  format: z.literal('lossy-model-1'),
  id,
  title: text,
  family: z.enum(familyIds),
  parameters: z.int().positive(),
  licence: text,
  /** How it was trained, in plain words. */
  training: text,
  files: z
    .array(z.object({ name, bytes, sha256 }))
    .min(1)
    .refine((files) => new Set(files.map((file) => file.name)).size === files.length, 'a file is listed twice'),
});

/** What card.json says about a shipped model, and which files it consists of. */
export type Card = z.output<typeof cardSchema>;

/** One of a model's files: what must arrive. */
export type CardFile = Card['files'][number];

const advice = 'Reload the page; if that does not help, choose another model.';

/**
 * Reads card.json.
 *
 * @throws LabError `bad-model` that names the place of the first fault
 */
export function parseCard(json: string): Card {
  return readJson(cardSchema, json, { kind: 'bad-model', where: 'card.json', advice });
}
