// A thread in reserve, for whoever is woken without having been foreseen: it belongs to nobody and sleeps. The next one
// is made when all is calm, also when it died; nobody is told of that, for it was no life.
import type { Clock } from '../actor/clock.ts';
import type { ParkedThread } from '../actor/hosts/host.ts';
import { type Backoff, backoffMs } from '../actor/supervision/restart.ts';

export interface Spare {
  readonly isThere: boolean;
  /** The thread, if there is one: the caller's from then on. Somebody is started in any case, so the next one waits. */
  take(): ParkedThread | undefined;
  close(): void;
}

export interface SpareOptions {
  /** Absent, or undefined: there is no such thread. */
  readonly park: (() => ParkedThread | undefined) | undefined;
  /** Asked before each, and once a minute as long as it says no. */
  readonly isWanted: () => boolean;
  readonly clock: Clock;
  /** 0 to 1, for the jitter. Default Math.random. */
  readonly random?: () => number;
}

/** Without a start, in ms: a start of ours would take the core from those who are at work, or from the service. */
const CALM_MS = 1_000;
const UNWANTED_MS = 60_000;
const BACKOFF: Backoff = { initialMs: 2 * CALM_MS, factor: 2, maxMs: 300_000, jitter: 0.5 };

export function createSpare({ park, isWanted, clock, random = Math.random }: SpareOptions): Spare {
  let parked: ParkedThread | undefined;
  let disarm = (): void => undefined;
  let isClosed = false;
  /** In a row. */
  let deaths = 0;

  const makeIn = (ms: number): void => {
    disarm();
    if (!isClosed && park !== undefined) disarm = clock.after(ms, make);
  };
  const again = (): void => {
    deaths += 1;
    makeIn(backoffMs(deaths, BACKOFF, random));
  };
  const make = (): void => {
    if (!isWanted()) makeIn(UNWANTED_MS);
    else if (!tryToPark()) again();
  };
  /** Whether it need not be tried again. */
  const tryToPark = (): boolean => {
    try {
      const own = park?.();
      parked = own;
      void own?.ended.then(() => {
        if (parked !== own) return;
        parked = undefined;
        again();
      });
      return true;
    } catch {
      // No thread is to be had now: the same as one that died.
      return false;
    }
  };

  makeIn(CALM_MS);
  return {
    get isThere() {
      return parked !== undefined;
    },
    take() {
      const taken = parked;
      parked = undefined;
      if (taken !== undefined) deaths = 0;
      if (deaths === 0) makeIn(CALM_MS);
      return taken;
    },
    close() {
      isClosed = true;
      disarm();
      parked?.end();
      parked = undefined;
    },
  };
}
