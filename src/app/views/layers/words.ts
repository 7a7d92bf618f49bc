import { type ScopeId, scopeOf } from '../../../lab/compress/scope.ts';

/** How cells are called while they are worked on, in commands and in files. */
export const cellWords = {
  uncompressed: 'uncompressed',
  nameOf: (scope: ScopeId) => scopeOf(scope).words,
  labelOf: (scope: ScopeId) => scopeOf(scope).label,
};
