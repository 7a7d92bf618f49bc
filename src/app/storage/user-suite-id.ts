/** How the suites that a visitor brought are called: after what is in them. */
export const userSuiteId = (sha256: string) => `own-${sha256.slice(0, 12)}`;

/** Whether an id is that of somebody's own suite. */
export const isUserSuite = (id: string) => /^own-[0-9a-f]{12}$/.test(id);
