import type { Sentence } from './types.ts';

const LETTERS: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  Æ: 'Ae',
  œ: 'oe',
  Œ: 'Oe',
  ø: 'o',
  Ø: 'O',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
  ð: 'd',
  þ: 'th',
  ı: 'i',
  '’': "'",
  '‘': "'",
  '“': '"',
  '”': '"',
  '–': '-',
  '—': '-',
  '·': '-',
};

/** Plain ASCII: accents go, what has no ASCII form becomes a blank. */
export function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^\x20-\x7e]/g, (char) => LETTERS[char] ?? ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** The whole words of a text, lower-cased. */
export function words(text: string): string[] {
  return text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
}

export const capitalize = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** Puts a fact into a template; a subject that begins the sentence gets a capital. The span is the object's. */
export function render(template: string, subject: string, object: string): Sentence {
  const filled = template.replaceAll('[X]', () => subject);
  const at = filled.indexOf('[Y]');
  if (at < 0) throw new Error(`No [Y] in: ${template}`);
  const text = filled.replace('[Y]', () => object);
  return { text: text.charAt(0).toUpperCase() + text.slice(1), start: at, end: at + object.length };
}

export const oneWord = (object: string) => /^([A-Za-z]+|[0-9]+)$/.test(object);

const SUBJECT = /^[A-Za-z0-9][A-Za-z0-9 .'-]*$/;
export const usableSubject = (subject: string) => SUBJECT.test(subject) && subject.split(' ').length <= 5;

/** Does one give the other away? Whole words always; parts of words from four letters on; the first five letters. */
export function leaks(subject: string, object: string, morphology = false): boolean {
  const [a, b] = [subject.toLowerCase(), object.toLowerCase()];
  const [wordsA, wordsB] = [words(a), words(b)];
  if (wordsA.some((word) => wordsB.includes(word))) return true;
  if (morphology) return false;
  if (b.length >= 4 && a.includes(b)) return true;
  if (a.length >= 4 && b.includes(a)) return true;
  return wordsA.some((word) => sharedStart(word, b) >= Math.min(5, Math.max(4, Math.min(word.length, b.length) - 1)));
}

function sharedStart(a: string, b: string): number {
  let n = 0;
  while (n < a.length && n < b.length && a[n] === b[n]) n++;
  return n;
}

const UNFIT = new RegExp(
  `\\b(${[
    'puss(y|ier|iest)|homosexual|unsexual|negro(es)?|nigg\\w+|whor\\w+|slut\\w*|bitch\\w*|fuck\\w*|shit\\w*|cunts?',
    'rap(e|ed|es|ing|ist|ists)|fag(s|got|gots)?|nazis?|cock ?suck\\w*|blow job|dick|pricks?|arse\\w*|asshole|piss\\w*',
    'wank\\w*|bugger\\w*|jerk off|get laid|porn\\w*|tits?|twats?|screwing|masturbat\\w+|fellat\\w+|cunnilingus|darky|coon',
  ].join('|')})\\b`,
  'i',
);

/** Words that are better not asked about. */
export const unfit = (text: string) => UNFIT.test(text);
