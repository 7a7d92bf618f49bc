import { describe, expect, it } from 'vitest';
import { place, refusal } from '../../test/tasks.ts';
import { boolq } from './boolq.ts';

const doc = { passage: 'Salt lowers the freezing point of water.', question: 'does salt melt ice', answer: true };
const { answer: _, ...unanswered } = doc;

describe('boolq', () => {
  it('asks as the harness does, with no first so that a tie gives no', () => {
    const context = 'Salt lowers the freezing point of water.\nQuestion: does salt melt ice?\nAnswer:';
    expect(boolq.read(doc, place)).toEqual({
      options: [
        { context, continuation: ' no', length: 2 },
        { context, continuation: ' yes', length: 3 },
      ],
      answer: 1,
    });
  });

  it('appends a question mark even where there is one, as the harness does', () => {
    const [{ context }] = boolq.read({ ...doc, question: 'does salt melt ice?' }, place).options;
    expect(context).toContain('Question: does salt melt ice??\n');
  });

  it.each([
    [true, 1],
    [false, 0],
    ['true', 1],
    ['false', 0],
    [1, 1],
    [0, 0],
    ['1', 1],
    ['0', 0],
  ])('reads the answer %j, as `answer` or as `label`', (value, answer) => {
    expect(boolq.read({ ...unanswered, answer: value }, place).answer).toBe(answer);
    expect(boolq.read({ ...unanswered, label: value }, place).answer).toBe(answer);
  });

  it('passes on what a document is about, and ignores other fields', () => {
    const item = boolq.read({ ...doc, title: 'Salt', idx: 4, relation: 'chemistry' }, place);
    expect(item.relation).toBe('chemistry');
    expect(Object.keys(item)).toEqual(['options', 'answer', 'relation']);
  });

  it('says which field is missing or odd, and what is allowed', () => {
    expect(refusal(boolq, { ...doc, question: undefined })).toMatch(/^document 3: question: .*string/);
    expect(refusal(boolq, { ...doc, passage: '' })).toMatch(/^document 3: passage: /);
    expect(refusal(boolq, unanswered)).toBe('document 3: answer: must be true or false; `label` may stand for it.');
    // The test split of SuperGLUE is published without its answers.
    expect(refusal(boolq, { ...unanswered, label: -1 })).toBe('document 3: label: must be true or false, or 1 or 0.');
    expect(refusal(boolq, 'no object')).toContain('object');
  });
});
