import type { PlainError } from '../../lab/errors.ts';

/** What went wrong. */
export const failure = {
  titles: {
    'bad-model': 'This model cannot be used',
    'bad-tokenizer': 'The tokenizer does not fit',
    'bad-suite': 'These facts cannot be used',
    'bad-recipe': 'This recipe is not possible',
    'bad-link': 'The link cannot be read',
    'bad-file': 'The file cannot be used',
    download: 'The download failed',
    storage: 'Results are not kept',
    'no-webgpu': 'No graphics processor to compute on',
    'device-lost': 'The graphics processor was lost',
    'device-wrong': 'The graphics processor cannot be used',
    worker: 'The computing thread stopped',
    cancelled: 'Stopped',
    internal: 'Something went wrong in the lab',
  } satisfies Record<PlainError['kind'], string>,
  dismiss: 'Dismiss',
  retry: 'Try again',
};

/** Starts, pauses and stops what is computed. */
export const runButtons = { pause: 'Pause', stop: 'Stop', goOn: 'Go on', run: 'Run' };

/** Where models and questions come from. */
export const source = {
  title: 'Where this comes from',
  model: (title: string, training: string, licence: string, hash: string) =>
    `${title}: ${training} Licence ${licence}. SHA-256 ${hash}….`,
  suite: (title: string, left: string | null) => `${title}: licence, and what is not asked (${left ?? 'nothing'})`,
  licence: (licence: string) => `Licence: ${licence}`,
  licences: 'sources and licences',
  hash: (hash: string) => `. SHA-256 ${hash}….`,
  skipped: (times: string, reason: string) => `${times}: ${reason}`,
};

/** Where there are numbers behind a chart. */
export const asTable = 'As a table';

/** Tables. */
export const table = { sortBy: (column: string) => `Sort by ${column}` };
