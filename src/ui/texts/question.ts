/** Which model is asked what. */
export const question = {
  model: 'Model',
  suite: 'Questions',
  wording: 'Asked',
};
