/** One model, fact by fact. */
export const explore = { compression: 'Compression' };
