import { type Phrase, term } from './phrase.ts';

/** Which model is asked what, and how. */
export const choose = {
  family: 'Kind of model',
  model: 'Model',
  suite: 'Questions',
  wording: 'Asked',
  cost: (parameters: string, bytes: string) => `${parameters} parameters, ${bytes} to load.`,
  heldOut: [' In the field’s terms: ', term('held-out', 'held-out facts'), '.'] satisfies Phrase,
  groups: { facts: 'Facts', tasks: 'Tasks' },
  own: 'Your own, on this machine',
  elsewhere: 'somebody else’s files (not on this machine)',
  suiteOffer: (title: string, probes: string) => `${title} (${probes})`,
};
