import { describe, expect, it } from 'vitest';
import { type ChoiceControl, controls } from '../../lab/compress/controls.ts';
import { methodList, methods } from '../../lab/compress/methods/index.ts';
import { measure } from '../../lab/compress/size.ts';
import { makeSite } from '../../lab/test/matrices.ts';
import { choiceWords, layoutWords, siteWords } from './words.ts';

describe('choiceWords', () => {
  it.each(methodList.map((method) => [method.id, method] as const))('has words for every choice of %s', (_, method) => {
    for (const control of controls(method))
      if (control.kind === 'choice')
        // Sizes of blocks are numbers, which speak for themselves; groups of all sizes have one name.
        for (const choice of control.choices.map((given) => given.replace(/^group-\d+$/, 'group')))
          if (!/^\d+$/.test(choice)) expect([choice, choiceWords(control, choice)]).not.toEqual([choice, choice]);
  });

  it('tells apart what two parameters call alike', () => {
    const wordsOf = (name: string) => {
      const control = controls(methods.heads).find((candidate) => candidate.name === name);
      return choiceWords(control as ChoiceControl, 'random');
    };
    expect([wordsOf('text'), wordsOf('criterion')]).toEqual(['words drawn at random', 'by chance (control)']);
  });
});

describe('layoutWords', () => {
  it('has words for every layout that bytes are counted in', () => {
    const { bytes } = measure([], new Map(), 0).total;
    for (const id of Object.keys(bytes)) expect(layoutWords.map((words) => words.id)).toContain(id);
  });
});

describe('siteWords', () => {
  it('says where a layer is, and what it does', () => {
    expect(siteWords(makeSite('a', 1, 1, { kind: 'attention-output', layer: 2 }))).toBe('block 3, attention output');
    expect(siteWords(makeSite('a', 1, 1, { kind: 'decoder', role: 'head', layer: null }))).toBe('last layer');
    const pair = { family: 'encoder-decoder', stack: 'decoder', kind: 'key', layer: 0 } as const;
    expect(siteWords(makeSite('a', 1, 1, { ...pair, cross: true }))).toBe('decoder block 1, cross-attention key');
  });
});
