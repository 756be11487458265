// Files of this package that another process loads: `.ts` from source, `.js` when built.

/** `./register` next to this file. */
export const siblingUrl = (path: string): URL =>
  new URL(`${path}${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);
