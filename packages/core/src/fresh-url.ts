// A module that is to be loaded anew in a thread that has loaded it before: the module cache goes by the URL.
import { randomId } from './ids.ts';

/** Never loaded before: the module itself, not what it imports. The old one stays in memory. */
export function freshUrl(module: string): string {
  const url = new URL(module);
  url.searchParams.set('version', randomId());
  return url.href;
}
