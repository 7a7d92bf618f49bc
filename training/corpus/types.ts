export interface Wording {
  /** What the relation is called in a menu. */
  label: string;
  /** One true, neutral sentence about the relation, used in front of questions. */
  about: string;
  /** A question whose answer is [Y]. */
  ask: string;
  train: string[];
  probe: [string, string];
}

export interface RelationSpec {
  id: string;
  /** Wikidata / T-REx property, or null where none fits. */
  property: string | null;
  source: string;
  licence: string;
  /** Facts by priority: the most familiar first. Only the first `limit` usable ones stay. */
  pairs: Pair[];
  limit: number;
  /** Keep every object, however rare (codes, capitals): such relations take their share of the words first. */
  core?: boolean;
  /** The form of the word is the point (plural, demonym), so that a shared beginning is no leak. */
  morphology?: boolean;
  /** What the base does not list is false: only such relations are asked with wrong options. */
  closed?: boolean;
}

export type Pair = [subject: string, object: string];

export interface Fact {
  relation: string;
  subject: string;
  object: string;
  source: string;
  /** Sentences of one pass that state this fact; 0 where it is held out. */
  frequency: number;
}

export interface Relation extends Omit<RelationSpec, 'pairs' | 'limit'>, Wording {
  cardinality: '1-1' | 'N-1' | 'N-M';
}

export interface Sentence {
  text: string;
  start: number;
  end: number;
}
