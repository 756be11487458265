// Threads of the app that compute and give no sign: they neither read nor write anything, so they take no message of
// another thread and answer none (each wakes the other by a write, which that one reads). Looked at once a second, and
// only while the app has workers: 20 us of the recorder thread for each thread of the process.
import type { Pulse } from '../every-seconds.ts';
import type { Kernel, ThreadDeeds } from './kernel.ts';

/** Of one core, waiting for one included: less, and it waits for something. */
const HOT_SHARE = 0.9;
/** V8 wakes a thread for tasks of its own now and then, which is a write too. */
const STRAY_WRITES = 1;
/** An answer to a question of ours is written too; the silence before it counts for that long. */
const REMEMBERED_MS = 6_000;

export interface Silence {
  readonly tid: number;
  readonly name: string;
  /** So long at least, and the CPU in it. */
  readonly forMs: number;
  readonly cpuMs: number;
  /** Since it began. */
  readonly agoMs: number;
  /** What the thread had read so far; as long as that stays, it has taken nothing new. */
  readonly reads: number;
  /** When it was last seen before: how often the thread had written, and its CPU. */
  readonly writesBefore: number;
  readonly cpuBeforeMs: number;
}

export interface SilentThreads {
  /** Those that compute all the time, the longest silence first. */
  now(): readonly Silence[];
}

interface Sight extends ThreadDeeds {
  readonly atMs: number;
}

interface Run {
  /** The last sight before it, if there is one: what it has computed since then may be of what it is in now. */
  readonly last: Sight;
  readonly since: Sight;
  readonly until: Sight;
}

interface Seen {
  readonly run: Run;
  /** One that only a write has ended. */
  readonly before: Run | undefined;
}

/** @param hasWorkers whether there is a thread to look at */
export function watchSilentThreads(
  kernel: Kernel,
  hasWorkers: () => boolean,
  pulse: Pulse,
  monotonicMs: () => number = () => performance.now(),
): SilentThreads {
  let seen: ReadonlyMap<number, Seen> = new Map();
  const look = (): void => {
    const atMs = monotonicMs();
    const sights = hasWorkers() ? kernel.deeds() : [];
    seen = new Map(sights.map((sight) => [sight.tid, next(seen.get(sight.tid), { ...sight, atMs })]));
  };
  pulse.everySecond(look);
  return {
    now() {
      look();
      return [...seen.values()].flatMap(silenceOf).sort((a, b) => b.forMs - a.forMs);
    },
  };
}

function next(seen: Seen | undefined, sight: Sight): Seen {
  const begun = { last: seen?.run.until ?? sight, since: sight, until: sight };
  if (seen === undefined || !isSame(seen.run.until, sight)) return { run: begun, before: undefined };
  const { run, before } = seen;
  if (sight.writes - run.since.writes <= STRAY_WRITES) return { ...seen, run: { ...run, until: sight } };
  const longest = before === undefined || lengthOf(run) > lengthOf(before) ? run : before;
  // It has taken nothing new: it may go on with what it was in.
  const { last } = lengthOf(longest) > 0 ? longest : begun;
  return { run: { ...begun, last }, before: longest };
}

/** A number of a thread may be given again. */
const isSame = (last: Sight, sight: Sight): boolean =>
  last.name === sight.name && last.reads === sight.reads && last.ranMs <= sight.ranMs;

const lengthOf = ({ since, until }: Run): number => until.atMs - since.atMs;

function silenceOf({ run, before }: Seen): readonly Silence[] {
  const now = run.until;
  const isRecent = before !== undefined && now.atMs - before.until.atMs <= REMEMBERED_MS;
  const longest = isRecent && lengthOf(before) > lengthOf(run) ? before : run;
  const { last, since, until } = longest;
  const agoMs = now.atMs - since.atMs;
  if (agoMs <= 0 || now.wantedMs - since.wantedMs < HOT_SHARE * agoMs) return [];
  return [
    {
      tid: now.tid,
      name: now.name,
      forMs: Math.round(lengthOf(longest)),
      cpuMs: Math.round(until.ranMs - since.ranMs),
      agoMs: Math.round(agoMs),
      reads: now.reads,
      writesBefore: last.writes,
      cpuBeforeMs: Math.round(last.ranMs),
    },
  ];
}
