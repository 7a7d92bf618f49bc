/** The fields that make a form known: all of `has`, and none beside `only` where that is given. */
export interface FieldPattern {
  has: readonly string[];
  only?: readonly string[];
}

/** Whether a record with these fields fits a pattern. */
export const fits = ({ has, only }: FieldPattern, fields: readonly string[]): boolean =>
  has.every((field) => fields.includes(field)) && (!only || fields.every((field) => only.includes(field)));
