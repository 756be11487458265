// The check `overload.threadpool_saturated`: work waits for libuv's threads. Pure.
import type { Check, Conclusion, JsonObject, JsonValue } from '@nodelens/core';
import { listOf, numberOf, objectOf, placeOf, textOf } from '../evidence.ts';
import { figure, functionSubject, ms, place } from '../wording.ts';

/** Of ten readings a second apart so many waited 100 ms or more: a burst of work does not last for that. */
const SLOW_READINGS = 6;
/** A wait is the pool's doing only when its threads are at work; the machine may have given it no CPU. */
const BUSY_SHARE = 0.75;
/** Twice what runs at once: the other half has waited. */
const LOOKUPS_FACTOR = 2;

export const threadpoolSaturated: Check = {
  id: 'overload.threadpool_saturated',
  when: (snapshot) => {
    const readings = numberOf(snapshot.threadpoolSlowReadings10s);
    const lookups = numberOf(snapshot.threadpoolLookups);
    const isFull = lookups >= LOOKUPS_FACTOR * atOnce(numberOf(snapshot.threadpoolThreads, 4));
    return readings >= SLOW_READINGS || isFull ? { readings, lookups } : undefined;
  },
  investigate: 'return await overload_threadpool(1000);',
  conclude,
  explains: ['overload.in_flight_growth', 'http.slow_route', 'http.slow_lookup'],
};

/** Libuv lets slow work, such as looking up a name, have half of its threads. */
const atOnce = (threads: number): number => Math.ceil(threads / 2);

function conclude(evidence: JsonValue): Conclusion | undefined {
  const seen = objectOf(evidence);
  const threads = numberOf(seen.threads);
  const lookups = numberOf(seen.lookups);
  const isLookups = lookups >= LOOKUPS_FACTOR * atOnce(threads);
  const busy = numberOf(seen.runningMean) + numberOf(seen.waitingForDiskMean);
  const isAtWork = busy >= BUSY_SHARE * threads || numberOf(seen.files) + lookups > threads;
  const isWaiting = numberOf(seen.slowReadings10s) >= SLOW_READINGS && isAtWork;
  if (threads === 0 || !(isLookups || isWaiting)) return undefined;
  const kind = isWaiting ? kindOf(seen) : 'dns';
  const sites = listOf(seen.sites);
  const [top] = sites.filter((site) => kind === undefined || textOf(site.kind) === kind);
  const by = placeOf(top);
  return {
    severity: 'warning',
    context: `Libuv's pool has ${figure(threads)} threads for files, names, crypto and compression.`,
    observation: `${isWaiting ? `A task waited ${ms(numberOf(seen.waitMedian10sMs))} for one of them (median of the last 10 s); ${figure(numberOf(seen.runningMean))} of them ran and ${figure(numberOf(seen.waitingForDiskMean))} waited for a disk.` : ''}${given(seen)}${by === undefined ? '' : ` ${place(by)} gave it most of the ${NAMES[textOf(top?.kind)] ?? ''} work.`}`,
    hypothesis: `${kind === undefined ? 'The pool' : `The pool is full of ${NAMES[kind]} work`}${kind === undefined ? ' has more work than threads' : ''}; all else that needs it waits too${kind === 'dns' ? '' : ', above all files and the looking up of names'}. UV_THREADPOOL_SIZE sets how many threads there are.`,
    subjects: [
      ...(by === undefined ? [] : [functionSubject(by, numberOf(top?.count), 'tasks')]),
      {
        kind: 'resource',
        name: 'threadpool',
        value: isWaiting ? numberOf(seen.waitMedian10sMs) : lookups,
        unit: isWaiting ? 'ms' : 'lookups',
      },
    ],
  };
}

const NAMES: { readonly [kind: string]: string } = {
  fs: 'file',
  dns: 'name',
  crypto: 'crypto',
  zlib: 'compression',
};

function given(seen: JsonObject): string {
  const { files, lookups, givenWhileWatched } = seen;
  const open = [
    ...(numberOf(files) > 0 ? [`${figure(numberOf(files))} of files`] : []),
    ...(numberOf(lookups) > 0 ? [`${figure(numberOf(lookups))} of names`] : []),
  ];
  const counts = Object.entries(objectOf(givenWhileWatched)).filter(([, count]) => numberOf(count) > 0);
  const watched = counts.map(([kind, count]) => `${figure(numberOf(count))} of ${NAMES[kind] ?? kind}`);
  return `${open.length === 0 ? '' : ` Not done yet: ${open.join(', ')}.`}${watched.length === 0 ? '' : ` Given to it in a second: ${watched.join(', ')}.`}`;
}

/**
 * What fills it: threads that run compute (crypto, compression), those that do not wait for files. Undefined where it
 * was not seen being given.
 */
function kindOf(seen: JsonObject): string | undefined {
  const counts = objectOf(seen.givenWhileWatched);
  const computing = numberOf(seen.runningMean) >= numberOf(seen.threads) / 2;
  const kinds = computing ? ['crypto', 'zlib', 'fs', 'dns'] : ['fs', 'dns', 'crypto', 'zlib'];
  return kinds.find((kind) => numberOf(counts[kind]) > 0);
}
