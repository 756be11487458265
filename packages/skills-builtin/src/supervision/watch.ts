// Threads and children over time, so that CPU can be told as a rate and a zombie from a child that is about to be reaped:
// a reading every 5 s (1 ms of the recorder thread), every 15 s in a process at rest that has no children.
import { everyFewSeconds, type Pulse } from '../every-seconds.ts';
import { round } from '../wording.ts';
import type { ChildReading, Kernel, ThreadReading } from './kernel.ts';

const INTERVAL_SECONDS = 5;
const RESTING_SECONDS = 15;
const KEPT = 13;
/** From two readings that are nearer to each other no rate is taken. */
const MIN_SPAN_MS = 900;

export interface Reading {
  readonly monotonicMs: number;
  readonly threads: ReadonlyMap<number, ThreadReading>;
  readonly children: ReadonlyMap<number, ChildReading>;
}

export interface ThreadRate {
  readonly tid: number;
  readonly name: string;
  /** What it got of one core, and how much it wanted, over `windowMs`. */
  readonly cpuPercent: number;
  readonly wantedPercent: number;
  readonly windowMs: number;
}

export interface ChildRate {
  /** Of one core. */
  readonly cpuPercent: number;
  /** What its main thread wanted of a core, waiting for one included. */
  readonly mainWantedPercent: number;
  /** How often its main thread reads: a measure of how much comes in; null where that may not be seen. */
  readonly mainReadsPerSecond: number | null;
}

export interface Zombie {
  readonly pid: number;
  readonly name: string;
  readonly seenForMs: number;
}

export interface Watch {
  readonly kernel: Kernel;
  /** Reads; nothing is kept. */
  now(): Reading;
  /** The app's threads that are at least `windowMs` old, the busiest first. */
  threadRates(now: Reading, windowMs: number): readonly ThreadRate[];
  /** By pid; of those that are as old as the window. */
  childRates(now: Reading, windowMs: number): ReadonlyMap<number, ChildRate>;
  /** How long the children of `now` have been seen dead and not reaped; longest first. */
  zombies(now: Reading): readonly Zombie[];
}

export function watchKernel(
  kernel: Kernel,
  pulse: Pulse,
  monotonicMs: () => number = () => performance.now(),
): Watch {
  let readings: readonly Reading[] = [];
  const read = (): Reading => ({
    monotonicMs: monotonicMs(),
    threads: new Map(kernel.threads().map((thread) => [thread.tid, thread])),
    children: new Map(kernel.children().map((child) => [child.pid, child])),
  });
  const take = (): void => {
    readings = [...readings, read()].slice(-KEPT);
  };
  take();
  // What a child does is not seen in the process's own figures.
  const mayWait = (): boolean => readings.at(-1)?.children.size === 0;
  everyFewSeconds(pulse, { inUse: INTERVAL_SECONDS, atRest: RESTING_SECONDS, mayWait }, take);
  return {
    kernel,
    now: read,
    threadRates: (now, windowMs) => threadRates(before(readings, now, windowMs), now),
    childRates: (now, windowMs) => childRates(before(readings, now, windowMs), now),
    zombies: (now) => zombiesOf(kernel, readings, now),
  };
}

/** The newest reading that is at least so old. */
const before = (readings: readonly Reading[], now: Reading, windowMs: number): Reading | undefined =>
  readings.findLast(({ monotonicMs }) => now.monotonicMs - monotonicMs >= windowMs);

function threadRates(from: Reading | undefined, now: Reading): readonly ThreadRate[] {
  if (from === undefined) return [];
  const windowMs = now.monotonicMs - from.monotonicMs;
  if (windowMs < MIN_SPAN_MS) return [];
  return [...now.threads.values()]
    .flatMap((thread): readonly ThreadRate[] => {
      const last = from.threads.get(thread.tid);
      if (thread.owner !== 'app' || last === undefined || last.name !== thread.name) return [];
      return [
        {
          tid: thread.tid,
          name: thread.name,
          cpuPercent: percentOf(thread.ranMs - last.ranMs, windowMs),
          wantedPercent: percentOf(thread.wantedMs - last.wantedMs, windowMs),
          windowMs: Math.round(windowMs),
        },
      ];
    })
    .sort((a, b) => b.wantedPercent - a.wantedPercent);
}

function childRates(from: Reading | undefined, now: Reading): ReadonlyMap<number, ChildRate> {
  const rates = new Map<number, ChildRate>();
  const windowMs = from === undefined ? 0 : now.monotonicMs - from.monotonicMs;
  if (from === undefined || windowMs < MIN_SPAN_MS) return rates;
  for (const child of now.children.values()) {
    const last = from.children.get(child.pid);
    if (last?.startTicks === child.startTicks)
      rates.set(child.pid, {
        cpuPercent: percentOf(child.cpuMs - last.cpuMs, windowMs),
        mainWantedPercent: percentOf(child.mainWantedMs - last.mainWantedMs, windowMs),
        mainReadsPerSecond: perSecond(last.mainReads, child.mainReads, windowMs),
      });
  }
  return rates;
}

function zombiesOf(kernel: Kernel, readings: readonly Reading[], now: Reading): readonly Zombie[] {
  return [...now.children.values()]
    .filter(({ state }) => state === 'Z')
    .map((child) => {
      const first = firstSeenDead(readings, child);
      return {
        pid: child.pid,
        name: kernel.nameOf(child).name,
        seenForMs: first === undefined ? 0 : Math.round(now.monotonicMs - first.monotonicMs),
      };
    })
    .sort((a, b) => b.seenForMs - a.seenForMs);
}

const firstSeenDead = (readings: readonly Reading[], child: ChildReading): Reading | undefined =>
  readings.find(({ children }) => {
    const earlier = children.get(child.pid);
    return earlier?.state === 'Z' && earlier.startTicks === child.startTicks;
  });

const perSecond = (from: number | undefined, to: number | undefined, windowMs: number): number | null =>
  from === undefined || to === undefined ? null : round((1_000 * Math.max(0, to - from)) / windowMs);

const percentOf = (partMs: number, wholeMs: number): number => round((100 * Math.max(0, partMs)) / wholeMs);
