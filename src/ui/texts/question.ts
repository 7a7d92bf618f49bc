/** Which model is asked what. */
export const question = {
  title: 'Model and questions',
  model: 'Model',
  suite: 'Questions',
  wording: 'Asked',
};
