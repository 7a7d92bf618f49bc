/** Explore's curve. */
export const curve = {
  title: (relation: string | null) => (relation === null ? 'The curve' : `The curve: ${relation}`),
  axis: 'Horizontal axis',
  size: 'Model size',
  sizeAxis: 'Size of the model, MB (smallest layout)',
  note: (n: string | null) =>
    `P@1${n === null ? '' : `, n = ${n} facts a point`}; the band is the 95 % Wilson interval, the dashed line the uncompressed model. Dotted and pale: estimated from the levels beside it.`,
  columns: { level: 'Level', precision: 'P@1', interval: '95 % interval', n: 'n' },
  levelNote: (isFromLink: boolean, isEstimated: boolean) =>
    `${isFromLink ? ' (from the link)' : ''}${isEstimated ? ' (estimated)' : ''}`,
  share: (share: string, isEstimated: boolean) => `${isEstimated ? `about ${share}` : share} %`,
  interval: (low: string, high: string) => `${low} to ${high} %`,
  noN: 'none',
  /** What a point says when it is pointed at. */
  point: {
    share: (level: string, share: string) => `${level}: ${share}`,
    interval: (low: string, high: string, isEstimated: boolean) =>
      isEstimated ? `Between ${low} and ${high} %` : `95 % interval ${low} to ${high} %`,
    estimated: 'Estimated from the levels beside it',
    n: (n: string, isFromLink: boolean) => `n = ${n}${isFromLink ? ', from the link' : ''}`,
  },
};
