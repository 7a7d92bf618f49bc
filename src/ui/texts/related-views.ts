/** Where Explore leads on. */
export const relatedViews = {
  layers: 'Which layers hold the facts, and what compression does to each',
  library: 'All results that this browser keeps',
};
