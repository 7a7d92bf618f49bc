import { words } from './text.ts';

interface Held {
  phrase: string[];
  object: string;
  id: string;
}

/** Finds held-out facts in text: subject and object both there as whole words. */
export class LeakFinder {
  private readonly byWord = new Map<string, Held[]>();

  constructor(facts: Iterable<{ relation: string; subject: string; object: string }>) {
    for (const { relation, subject, object } of facts) {
      const phrase = words(subject);
      const held = { phrase, object: object.toLowerCase(), id: `${relation}\t${subject}` };
      const list = this.byWord.get(phrase[0]!);
      if (list) list.push(held);
      else this.byWord.set(phrase[0]!, [held]);
    }
  }

  /** The held-out subjects ("relation tab subject") whose fact the text could give away. */
  find(text: string): string[] {
    const tokens = words(text);
    const out: string[] = [];
    for (let i = 0; i < tokens.length; i++) {
      for (const { phrase, object, id } of this.byWord.get(tokens[i]!) ?? []) {
        if (tokens.includes(object) && phrase.every((word, j) => tokens[i + j] === word)) out.push(id);
      }
    }
    return out;
  }
}
