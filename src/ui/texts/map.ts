/** Every fact a dot. */
export const map = {
  title: 'What it still knows',
  waiting: 'The facts appear here as soon as the model is loaded.',
  asked: (asked: string, of: string, compared: string | null) =>
    `Asked at this level: ${asked} of ${of}${compared === null ? '' : `; the dots compare the first ${compared} with the uncompressed model`}.`,
  notAsked: 'Not asked yet.',
  fromOne: (level: string) => `Not asked at this level yet. Shares are those of ${level}, the nearest level that was.`,
  fromTwo: (milder: string, stronger: string) =>
    `Not asked at this level yet. Pale and smaller: what comes out alike at ${milder} and ${stronger}; shares are estimated.`,
  facts: 'facts known',
  answers: 'answers right',
  relation: (known: number, asked: number, of: string, forgotten: number) =>
    ` ${known} of ${asked} ${of}, ${forgotten} forgotten`,
  estimated: (share: string, of: string) => ` ${share} of the ${of}, by estimate`,
  fact: (number: string) => `Fact ${number}`,
  fates: {
    known: { label: 'still known', help: 'right before and after' },
    forgotten: { label: 'forgotten', help: 'right before, wrong now' },
    learned: { label: 'right only now', help: 'wrong before, right now' },
    never: { label: 'never known', help: 'wrong before and after' },
    unasked: { label: 'not asked yet', help: 'still being computed' },
  },
};
