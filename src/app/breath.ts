/** Lets the page draw and react in the middle of long work. */
export const breath = () =>
  new Promise<void>((resolve) => {
    setTimeout(resolve);
  });
