/** What can be done with a chart. */
export const figure = {
  menu: 'Save or cite this chart',
  png: 'Picture (PNG)',
  svg: 'Drawing (SVG)',
  csv: 'Numbers (CSV)',
  citation: 'Copy the citation line',
  command: 'Copy as command line',
  copied: 'Copied.',
  saved: (name: string) => `Saved as ${name}.`,
  noChart: 'There is no chart yet.',
};
