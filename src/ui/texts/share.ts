/** Passing on what is seen. */
export const share = {
  button: 'Share',
  title: 'Share what you see',
  close: 'Close',
  link: 'Link',
  copy: 'Copy the link',
  copied: 'Copied',
  withResults: (characters: string) =>
    `This link holds the settings and the results computed so far (${characters} characters). Whoever opens it sees them at once, without computing.`,
  settingsAlone:
    'There are no results in this link: there are none yet, or more than an address can hold. It holds the settings alone.',
  nothingSent: 'Nothing is uploaded: all of it is in the address.',
  ownFiles: 'Your own files are not in it: others see the results, and cannot compute them again.',
  code: 'QR code of the link',
  codeLoading: 'Drawing the code …',
  codeWhole: 'The code holds the same link: point a phone’s camera at it.',
  codeFirst: (asked: string, of: string) =>
    `The code holds at most the first ${asked} questions of each level (the link: up to ${of}), a fair sample of all: more would make its squares too small for a phone.`,
  codeSettings: 'The code holds the settings alone: whoever opens it computes the results.',
};
