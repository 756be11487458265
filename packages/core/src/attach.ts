// What attaches Nodelens to a process and nothing else: the entry of those who do it for others (`nodelens/register`).
// The same `Nodelens` as in index.ts; what runs need is loaded by the first run.
export { fail, reasonOf } from './errors.ts';
export { ensureDataDirectory } from './recorder/store/data-directory.ts';
export type { NodelensOptions } from './system/options.ts';
export { Nodelens } from './system.ts';
