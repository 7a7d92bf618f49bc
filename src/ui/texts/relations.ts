/** Explore's table of relations. */
export const relations = {
  title: 'Relations',
  table: 'Relations, table',
  columns: {
    label: 'Relation',
    property: 'Property',
    cardinality: 'Answers',
    probes: 'n',
    before: 'Uncompressed',
    now: 'Now',
    change: 'Change',
  },
  note: 'P@1 with its 95 % Wilson interval; change in percentage points. Answers: one for one (1-1), one for many subjects (N-1), several (N-M); the property is Wikidata’s. ≈ is estimated from neighbouring levels.',
  interval: (range: string) => `95 % interval ${range}`,
  n: (n: string) => `n = ${n}`,
  unknown: '…',
};
