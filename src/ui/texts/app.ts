const question = 'What does a language model forget when you compress it?';

/** The frame of all views. */
export const app = {
  name: 'Lossy',
  question,
  welcome:
    'A language model knows facts. Here you compress one, in your browser, and see which facts it forgets: weights are removed or rounded to a few bits, and the model is asked thousands of questions before and after.',
  views: 'Views',
  footer:
    'After Namburi et al. 2023, The Cost of Compression (Findings of EMNLP). Everything is computed on this machine; nothing leaves it.',
  announce: 'Tell me when it is done',
  done: { title: 'Lossy', body: 'What you asked for is computed.' },
  newVersion: 'A newer version of Lossy is there.',
  reload: 'Reload',
  useColours: (scheme: string) => `Use ${scheme} colours`,
};
