import { fits } from '../fields.ts';
import { parseFactFiles, parseSuite } from '../suite.ts';
import { badSuite, folderOf, isObject, nameOf } from './files.ts';
import type { MakeImporter } from './importer.ts';

const bareFacts = { has: ['relation', 'subject', 'object'] };
const templatesBeside = (path: string) => `${folderOf(path)}templates.json`;

/** The lab's own form: `suite.json`, or `facts.jsonl` with `templates.json` in the same folder. */
export const lossy: MakeImporter = ({ name, paths }) => {
  const packed = paths.filter((path) => nameOf(path) === 'suite.json');
  const given = new Set(paths);
  const pairs = paths.filter((path) => nameOf(path) === 'facts.jsonl' && given.has(templatesBeside(path)));
  const suites = packed.length > 0 ? packed : pairs;
  const claimed = new Set(packed.length > 0 ? packed : pairs.flatMap((path) => [path, templatesBeside(path)]));
  const texts = new Map<string, string>();
  return {
    id: 'lossy',
    label: 'a suite of the lab’s own form',
    claims: (path) => claimed.has(path),
    recognises: ({ path, text, fields }) =>
      fits(bareFacts, fields) || (paths.length === 1 && path.endsWith('.json') && hasFormat(text)),
    add({ path, text, fields }) {
      if (suites.length > 1)
        throw badSuite(`${name} holds several suites: ${suites.join(', ')}.`, 'Choose one of them.');
      if (!claimed.has(path) && fits(bareFacts, fields))
        throw badSuite(
          `${path} holds facts of the lab’s own form, which need templates.`,
          'Call the two files facts.jsonl and templates.json, and choose both of them.',
        );
      texts.set(path, text);
    },
    finish() {
      const [facts] = pairs;
      if (packed.length === 0 && facts !== undefined)
        return parseFactFiles(texts.get(facts)!, texts.get(templatesBeside(facts))!, name);
      const [text] = texts.values();
      return parseSuite(text);
    },
  };
};

/** Whether a text is JSON that states its format, as the lab's suites do. */
function hasFormat(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) && 'format' in value;
  } catch {
    return false;
  }
}
