import { describe, expect, it } from 'vitest';
import { place, refusal } from '../../test/tasks.ts';
import { winogrande } from './winogrande.ts';

const doc = {
  sentence: 'The cup did not fit in the box because _ was too small.',
  option1: 'the cup',
  option2: 'the box',
  answer: '2',
};

describe('winogrande', () => {
  it('asks for the same rest of the sentence after each option', () => {
    const before = 'The cup did not fit in the box because ';
    expect(winogrande.read(doc, place)).toEqual({
      options: [
        { context: `${before}the cup`, continuation: ' was too small.', length: 14 },
        { context: `${before}the box`, continuation: ' was too small.', length: 14 },
      ],
      answer: 1,
    });
    expect(winogrande.hasNorm).toBe(false);
  });

  it('numbers the answers from 1', () => expect(winogrande.read({ ...doc, answer: '1' }, place).answer).toBe(0));

  it('keeps what stands right after the blank apart by one space, as the harness does', () => {
    const { options } = winogrande.read({ ...doc, sentence: 'Ann called Eve because _’s car broke.  ' }, place);
    expect(options[0].continuation).toBe(' ’s car broke.');
  });

  it('takes the first blank', () => {
    const { options } = winogrande.read({ ...doc, sentence: 'So _ and _ left.' }, place);
    expect(options[1]).toEqual({ context: 'So the box', continuation: ' and _ left.', length: 11 });
  });

  it('passes on what a document is about', () => {
    expect(winogrande.read({ ...doc, relation: 'size' }, place).relation).toBe('size');
  });

  it('says which field is missing or odd, and what is allowed', () => {
    expect(refusal(winogrande, { ...doc, option1: undefined })).toMatch(/^document 3: option1: .*string/);
    // The test split is published without its answers.
    expect(refusal(winogrande, { ...doc, answer: '' })).toBe(
      'document 3: answer: must be "1" or "2": which option fills the blank.',
    );
    for (const sentence of ['No blank.', 'Nothing follows the _', 'Nothing follows the _ '])
      expect(refusal(winogrande, { ...doc, sentence })).toBe(
        'document 3: sentence: must hold a blank (_) with words after it.',
      );
  });
});
