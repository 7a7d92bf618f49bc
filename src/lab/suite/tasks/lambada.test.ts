import { describe, expect, it } from 'vitest';
import { place, refusal } from '../../test/tasks.ts';
import { lambada } from './lambada.ts';

describe('lambada', () => {
  it('asks for the last word after all the others', () => {
    expect(lambada.read({ text: 'She fed the cat , and it was a happy cat' }, place)).toEqual({
      options: [{ context: 'She fed the cat , and it was a happy', continuation: ' cat', length: 3 }],
      answer: 0,
    });
    expect(lambada.scoring).toBe('greedy');
  });

  it('splits at the last space only', () => {
    const [option] = lambada.read({ text: 'He called :\n\ntwo  spaces' }, place).options;
    expect(option).toEqual({ context: 'He called :\n\ntwo ', continuation: ' spaces', length: 6 });
  });

  it('passes on what a document is about', () => {
    expect(lambada.read({ text: 'two words', relation: 'novels' }, place).relation).toBe('novels');
  });

  it('says what is missing, and what is allowed', () => {
    expect(refusal(lambada, { words: 'two words' })).toMatch(/^document 3: text: .*string/);
    for (const text of ['', 'alone', ' alone', 'ends with a space ', 'ends with a line \n'])
      expect(refusal(lambada, { text })).toBe('document 3: text: must hold two words or more, and end with one.');
  });
});
