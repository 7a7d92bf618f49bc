import { exceptions, type Sense, type WordNet } from '../sources/wordnet.ts';
import type { Pair, RelationSpec } from '../types.ts';

const SOURCE = { source: 'wordnet', licence: 'WordNet-3.0' };
const EXCEPTIONS = { source: 'wordnet', licence: 'WordNet-3.0', morphology: true, closed: true };
const single = (lemma: string) =>
  /^[A-Za-z][a-z]{2,}$/.test(lemma) || lemma === 'be' || lemma === 'do' || lemma === 'go';
const isName = (lemma: string) => /^[A-Z]/.test(lemma);

/** Lexicographer files that make a plain one-word kind. */
const NOUN_KINDS: Record<number, string> = {
  4: 'act',
  5: 'animal',
  6: 'artifact',
  7: 'attribute',
  8: 'body',
  9: 'cognition',
  10: 'communication',
  11: 'event',
  12: 'feeling',
  13: 'food',
  14: 'group',
  15: 'location',
  17: 'object',
  18: 'person',
  19: 'phenomenon',
  20: 'plant',
  21: 'possession',
  22: 'process',
  23: 'quantity',
  24: 'relation',
  25: 'shape',
  26: 'state',
  27: 'substance',
  28: 'time',
};
const VERB_KINDS: Record<number, string> = {
  29: 'body',
  30: 'change',
  31: 'cognition',
  32: 'communication',
  33: 'competition',
  34: 'consumption',
  35: 'contact',
  36: 'creation',
  37: 'emotion',
  38: 'motion',
  39: 'perception',
  40: 'possession',
  41: 'social',
  42: 'stative',
  43: 'weather',
};
const POS_NAMES: Record<string, string> = { n: 'noun', v: 'verb', a: 'adjective', r: 'adverb' };

export function wordnetRelations(net: WordNet): RelationSpec[] {
  const nouns = net.firstSenses('n');
  const verbs = net.firstSenses('v');
  const adjectives = net.firstSenses('a');
  const adverbs = net.firstSenses('r');
  const common = nouns.filter((sense) => !isName(sense.lemma));
  const names = nouns.filter((sense) => isName(sense.lemma));
  const index = (sense: Sense) => sense.synset.lemmas.indexOf(sense.lemma) + 1;

  /** Pairs by pointer: the object is the target's word, or the synset's first one-word lemma. */
  const follow = (senses: Sense[], symbols: string[], most = 6): Pair[] =>
    senses.flatMap((sense) => {
      const targets = net.targets(sense.synset, symbols, index(sense));
      if (targets.length > most) return [];
      return targets.map(({ key, to }): Pair => {
        const word = to > 0 ? net.synsets.get(key)!.lemmas[to - 1]! : net.oneWord(key);
        return [sense.lemma, word && single(word) ? word : ''];
      });
    });
  const firstOnly = (pairs: Pair[]) => [...new Map(pairs.filter(([, o]) => o).reverse()).entries()].reverse();
  const kinds = (senses: Sense[], table: Record<number, string>): Pair[] =>
    senses.map((s) => [s.lemma, table[s.synset.lexfile] ?? '']);
  const onePos = (sense: Sense) =>
    ['n', 'v', 'a', 'r'].filter((pos) => net.senses.has(`${pos}:${sense.lemma.toLowerCase()}`)).length === 1;
  const spread = (...lists: Sense[][]) => {
    const out: Sense[] = [];
    for (let i = 0; i < 1500; i++) for (const list of lists) if (list[i]) out.push(list[i]!);
    return out;
  };
  const posSenses = spread(
    common.filter(onePos),
    verbs.filter(onePos),
    adjectives.filter(onePos),
    adverbs.filter(onePos),
  );
  const byFamiliarity = (a: Pair, b: Pair) => net.familiarity(b[0]) - net.familiarity(a[0]);
  const add = (
    id: string,
    property: string | null,
    limit: number,
    pairs: Pair[],
    more: Partial<RelationSpec> = {},
  ): RelationSpec => ({
    ...SOURCE,
    id,
    property,
    limit,
    pairs,
    ...more,
  });
  const families = names.filter((s) => s.synset.lexfile === 5 || s.synset.lexfile === 20);
  const things = names.filter((s) => s.synset.lexfile !== 18);
  const places = names.filter((s) => s.synset.lexfile === 15 || s.synset.lexfile === 17);

  return [
    add('is-a', 'P279', 3500, firstOnly(follow(common, ['@']))),
    add('instance-of', 'P31', 2000, firstOnly(follow(things, ['@i']))),
    add('action-kind', null, 1600, firstOnly(follow(verbs, ['@']))),
    add('part-of', 'P361', 1000, follow(common, ['#p'])),
    add('has-part', 'P527', 1200, follow(nouns, ['%p'])),
    add('located-in', 'P131', 1600, firstOnly(follow(places, ['#p']))),
    add(
      'member-of',
      'P463',
      1200,
      follow(
        nouns.filter((s) => !families.includes(s)),
        ['#m'],
      ),
    ),
    add('parent-taxon', 'P171', 1000, firstOnly(follow(families, ['#m']))),
    add('made-of', 'P186', 600, follow(nouns, ['%s'])),
    add('substance-of', null, 600, follow(nouns, ['#s'])),
    add('antonym', 'P461', 260, follow([...common, ...verbs, ...adjectives, ...adverbs], ['!']).sort(byFamiliarity), {
      core: true,
    }),
    add('similar-to', null, 1300, follow(adjectives, ['&'], 4)),
    add(
      'synonym',
      null,
      1500,
      [...common, ...verbs].flatMap((s) => synonyms(s)),
    ),
    add('pertains-to', null, 2000, firstOnly(follow(adjectives, ['\\'])), { morphology: true }),
    add('adverb-adjective', null, 100, firstOnly(follow(adverbs, ['\\'])), {
      core: true,
      morphology: true,
      closed: true,
    }),
    add('doer-action', null, 1000, firstOnly(doers(net, common)), { morphology: true }),
    add('attribute', null, 600, firstOnly(follow(adjectives, ['=']))),
    add('entails', null, 600, follow(verbs, ['*'])),
    add('causes', 'P1542', 300, follow(verbs, ['>'])),
    add('topic', null, 1800, firstOnly(follow([...nouns, ...verbs, ...adjectives], [';c']))),
    add('region-of-use', null, 900, firstOnly(follow([...nouns, ...verbs, ...adjectives], [';r']))),
    add('usage-kind', null, 900, firstOnly(follow([...nouns, ...verbs, ...adjectives], [';u']))),
    add('noun-kind', null, 2000, kinds(common, NOUN_KINDS), { closed: true }),
    add('verb-field', null, 1600, kinds(verbs, VERB_KINDS), { closed: true }),
    add(
      'part-of-speech',
      null,
      1800,
      posSenses.map((s): Pair => [s.lemma, POS_NAMES[s.synset.pos]!]),
      { closed: true },
    ),
    ...irregular(net),
  ];
}

function synonyms(sense: Sense): Pair[] {
  const others = sense.synset.lemmas.filter((lemma) => lemma !== sense.lemma);
  return others.length > 4 ? [] : others.map((lemma): Pair => [sense.lemma, single(lemma) ? lemma : '']);
}

/** Persons named after what they do: baker, bake. */
function doers(net: WordNet, senses: Sense[]): Pair[] {
  return senses
    .filter((sense) => sense.synset.lexfile === 18 && /(er|or|ist|ant|ent)$/.test(sense.lemma))
    .flatMap((sense) => {
      const at = sense.synset.lemmas.indexOf(sense.lemma) + 1;
      return sense.synset.pointers.flatMap(([symbol, key, from, to]): Pair[] =>
        symbol === '+' && from === at && key.startsWith('v')
          ? [[sense.lemma, net.synsets.get(key)!.lemmas[to - 1]!]]
          : [],
      );
    });
}

function irregular(net: WordNet): RelationSpec[] {
  const familiar = (pairs: Pair[]) =>
    pairs
      .filter(([form, base]) => !form.includes('_') && form !== base)
      .sort((a, b) => net.familiarity(b[1]) - net.familiarity(a[1]));
  const past = familiar(exceptions('verb')).filter(([form]) => !/(ing|s|ed)$/.test(form));
  const adjectives = familiar(exceptions('adj'));
  return [
    {
      ...EXCEPTIONS,
      id: 'plural-singular',
      property: null,
      limit: 110,
      core: true,
      pairs: familiar(exceptions('noun')),
    },
    { ...EXCEPTIONS, id: 'past-verb', property: null, limit: 170, core: true, pairs: past },
    {
      ...EXCEPTIONS,
      id: 'comparative-adjective',
      property: null,
      limit: 80,
      core: true,
      pairs: adjectives.filter(([form]) => form.endsWith('er')),
    },
    {
      ...EXCEPTIONS,
      id: 'superlative-adjective',
      property: null,
      limit: 80,
      core: true,
      pairs: adjectives.filter(([form]) => form.endsWith('est')),
    },
  ];
}
