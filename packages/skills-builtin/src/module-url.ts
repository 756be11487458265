// Where a sibling module is: `.ts` from source, `.js` when built; tsc rewrites import specifiers, but not strings.

/** @param path without extension, `./skill`; `base` is the caller's `import.meta.url`. */
export const moduleUrl = (path: string, base: string): string =>
  new URL(`${path}${base.endsWith('.ts') ? '.ts' : '.js'}`, base).href;
