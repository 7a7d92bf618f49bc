import type { PageId } from '../../app/page/page.ts';

const question = 'What does a language model forget when you compress it?';

const labels: Readonly<Record<PageId, string>> = {
  explore: 'Explore',
  curves: 'Curves',
  families: 'Families',
  compare: 'Compare',
  layers: 'Layers',
  decide: 'Decide',
  classroom: 'Classroom',
  library: 'Library',
};

const titles: Readonly<Record<PageId, string>> = {
  explore: `Lossy: ${question[0].toLowerCase()}${question.slice(1)}`,
  curves: 'Lossy: how accuracy falls, curve by curve',
  families: 'Lossy: which kind of language model forgets most?',
  compare: 'Lossy: same size, different facts',
  layers: 'Lossy: which layers hold the facts?',
  decide: 'Lossy: how far can this model be compressed?',
  classroom: 'Lossy in the classroom',
  library: 'Lossy: everything that was computed here',
};

/** The frame of all views. */
export const app = {
  name: 'Lossy',
  question,
  welcome:
    'A language model knows facts. Here you compress one, in your browser, and see which facts it forgets: weights are removed or rounded to a few bits, and the model is asked thousands of questions before and after.',
  views: 'Views',
  labels,
  titles,
  footer:
    'After Namburi et al. 2023, The Cost of Compression (Findings of EMNLP). Everything is computed on this machine; nothing leaves it.',
  announce: 'Tell me when it is done',
  done: { title: 'Lossy', body: 'What you asked for is computed.' },
  newVersion: 'A newer version of Lossy is there.',
  reload: 'Reload',
  useColours: (scheme: string) => `Use ${scheme} colours`,
};
