import type { LeakFinder } from './leak.ts';
import { Rng } from './rng.ts';
import { dictEntries } from './sources/dicts.ts';
import { type Entry, gcideDefinitions } from './sources/gcide.ts';
import type { WordNet } from './sources/wordnet.ts';
import { capitalize, fold, unfit } from './text.ts';

const article = (word: string) => (/^[aeiou]/i.test(word) ? 'an' : 'a');
const stop = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);

function wordnetLines(net: WordNet): string[] {
  const out: string[] = [];
  for (const synset of net.synsets.values()) {
    if (synset.lemmas.some((lemma) => net.offensive.has(lemma.toLowerCase()))) continue;
    const gloss = fold(synset.gloss);
    const definition = gloss
      .split(/; "/)[0]!
      .replace(/^\([^)]*\) */, '')
      .split(';')[0]!;
    for (const [, example] of gloss.matchAll(/"([^"]+)"/g)) out.push(capitalize(example!));
    for (const lemma of synset.lemmas.slice(0, 2)) {
      const counted = /^(a|an) /.test(definition) && /^[a-z]/.test(lemma) && !lemma.startsWith('the ');
      if (synset.pos === 'n')
        out.push(capitalize(counted ? `${article(lemma)} ${lemma} is ${definition}` : `${lemma} is ${definition}`));
      else if (synset.pos === 'v') out.push(`To ${lemma} means to ${definition}`);
      else out.push(capitalize(`${lemma} means ${definition}`));
    }
  }
  return out;
}

function gcideLines(entries: Entry[]): string[] {
  const out: string[] = [];
  for (const { word, body } of entries) {
    if (/derogatory|disparag|offensive/i.test(body)) continue;
    const kind = /^(n|v\. t|v\. i|v|a|adv)\./.exec(body)?.[1];
    if (!kind) continue;
    for (const definition of gcideDefinitions(body.slice(kind.length + 1))) {
      const text = definition.replace(/^[,;.: ]+/, '').split(/[;:]|\. |, as, /)[0]!;
      if (!/^[A-Z][a-z]/.test(text) && !/^(A|An|To) /.test(text)) continue;
      const lower = text.charAt(0).toLowerCase() + text.slice(1);
      const name = word.toLowerCase();
      if (kind.startsWith('v')) out.push(`To ${name} is ${lower}`);
      else if (kind === 'n')
        out.push(
          /^an? /.test(lower) ? `${capitalize(article(name))} ${name} is ${lower}` : `The word ${name} means ${lower}`,
        );
      else out.push(`The word ${name} means ${lower}`);
    }
  }
  return out;
}

function computingLines(): string[] {
  return [...dictEntries('foldoc'), ...dictEntries('jargon')].flatMap(({ body }) =>
    body
      .replace(/[{}|]/g, ' ')
      .replace(/<[^>]*>|\[[^\]]*\]|\([^)]*\)/g, ' ')
      .replace(/\s+/g, ' ')
      .split(/(?<=[.!?]) (?=[A-Z])/)
      .map((line) => line.replace(/^ *\d+\. */, '').trim())
      .filter((line) => /^[A-Z].*[.!?]$/.test(line)),
  );
}

const tidy = (line: string) =>
  stop(
    fold(line)
      .replace(/ +([,.;])/g, '$1')
      .replace(/[`{}]/g, '')
      .replace(/[,;: ]+$/, '')
      .replace(/\.\.+$/, '.'),
  );

export function proseLines(
  net: WordNet,
  gcide: Entry[],
  finder: LeakFinder,
  limit: number,
): { lines: string[]; told: number } {
  const seen = new Set<string>();
  const lines: string[] = [];
  let told = 0;
  const all = new Rng('prose').shuffle([...wordnetLines(net), ...gcideLines(gcide), ...computingLines()]);
  for (const raw of all) {
    const line = tidy(raw);
    const length = line.split(' ').length;
    if (length < 4 || length > 40 || /[?]{2}|[\\^*_|~#@=<>]|http/.test(line) || unfit(line) || seen.has(line)) continue;
    seen.add(line);
    if (finder.find(line).length > 0) told++;
    else lines.push(line);
    if (lines.length >= limit) break;
  }
  return { lines, told };
}
