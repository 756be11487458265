// What libuv's threads are busy with, as far as a look at them tells. Pure.
import type { JsonObject } from '@nodelens/core';
import { numberOf, objectOf } from '../evidence.ts';

/** `compute`: crypto, compression or an addon, given before anybody watched. */
export type FilledBy = 'fs' | 'dns' | 'crypto' | 'zlib' | 'compute';

/**
 * Threads that run compute; those that do not wait for files or names.
 * @param looked as look.ts tells it; undefined when nothing is in the pool
 */
export function filledBy(looked: JsonObject): FilledBy | undefined {
  const given = objectOf(looked.givenWhileWatched);
  const isComputing = numberOf(looked.runningMean) >= numberOf(looked.threads, 4) / 2;
  const seen = (kinds: readonly FilledBy[]): FilledBy | undefined =>
    kinds
      .filter((kind) => numberOf(given[kind]) > 0)
      .sort((a, b) => numberOf(given[b]) - numberOf(given[a]))[0];
  if (isComputing) return seen(['crypto', 'zlib']) ?? (isFiles(looked) ? 'fs' : 'compute');
  if (isFiles(looked)) return 'fs';
  return numberOf(looked.lookups) > 0 ? 'dns' : seen(['fs', 'dns', 'crypto', 'zlib']);
}

const isFiles = ({ files, lookups }: JsonObject): boolean =>
  numberOf(files) > 0 && numberOf(files) >= numberOf(lookups);
