/** What visitors ask of their own. */
export const userFacts = {
  title: 'Use your own facts',
  close: 'Close',
  help: 'Ask the models facts or questions of your own: a LAMA folder (T-REx, Google-RE, ConceptNet, SQuAD), tasks of the LM harness (BoolQ, PIQA, WinoGrande, HellaSwag, LAMBADA), or a suite in this lab’s format. Your files are read here and stay on this machine.',
  reading: 'Reading the files …',
  stop: 'Stop',
  drop: 'Drop a folder, a zip or files here, or',
  folder: 'Folder with facts',
  chooseFolder: 'Choose a folder',
  chooseFiles: 'Choose a zip or files',
  list: 'Your own suites',
  amount: (probes: string, kind: 'facts' | 'tasks', id: string) =>
    `${probes} ${kind === 'facts' ? 'facts' : 'questions'}, ${id}`,
  ask: 'Ask these',
  forget: (title: string) => `Forget ${title}`,
  forgetHint: 'Forget these files',
  nothingLeftOut: 'Nothing was left out.',
  leftOut: (total: string) => `${total} left out`,
  reason: (times: string, reason: string) => `${times}: ${reason}`,
};
