import { describe, expect, it } from 'vitest';
import { place, refusal } from '../../test/tasks.ts';
import { piqa } from './piqa.ts';

const doc = { goal: 'Open a tight jar', sol1: 'Freeze the lid.', sol2: 'Run hot water over the lid.', label: 1 };

describe('piqa', () => {
  it('asks as the harness does', () => {
    const context = 'Question: Open a tight jar\nAnswer:';
    expect(piqa.read(doc, place)).toEqual({
      options: [
        { context, continuation: ' Freeze the lid.', length: 15 },
        { context, continuation: ' Run hot water over the lid.', length: 27 },
      ],
      answer: 1,
    });
    expect(piqa.hasNorm).toBe(true);
  });

  it('counts code points, as Python does', () => {
    expect(piqa.read({ ...doc, sol1: 'Smile 😀' }, place).options[0].length).toBe(7);
  });

  it('takes labels that are strings', () => expect(piqa.read({ ...doc, label: '0' }, place).answer).toBe(0));

  it('passes on what a document is about', () => {
    expect(piqa.read({ ...doc, relation: 'kitchen' }, place).relation).toBe('kitchen');
  });

  it('says which field is missing or odd, and what is allowed', () => {
    expect(refusal(piqa, { ...doc, sol2: undefined })).toMatch(/^document 3: sol2: .*string/);
    expect(refusal(piqa, { ...doc, goal: 7 })).toMatch(/^document 3: goal: .*string/);
    expect(refusal(piqa, { ...doc, label: 2 })).toBe('document 3: label: must be 0 or 1: which solution is right.');
  });
});
