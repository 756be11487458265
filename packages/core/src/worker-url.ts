// The file that a thread or process starts with, next to the caller: `.ts` from source, `.js` when built (tsc
// rewrites import specifiers, but not strings).

/** @param base the caller's `import.meta.url`; `path` has no extension: `./entry/recorder-thread`. */
export const workerUrl = (path: string, base: string): URL =>
  new URL(`${path}${base.endsWith('.ts') ? '.ts' : '.js'}`, base);
