// Threads that are started ahead of the rounds that they are for. It is the host of the residents' supervisor: a start
// takes the thread that waits for it, else the one in reserve, else one of its own, so that supervision knows nothing of
// what is ahead. One that nobody takes is ended; nobody is told of it, for it was no life.

import type { Clock } from '../actor/clock.ts';
import type { Host } from '../actor/hosts/host.ts';
import type { ActorRef } from '../actor/messages/ref.ts';
import type { ChildSpec } from '../actor/supervision/child-spec.ts';
import type { Spare } from './spare.ts';
import { createStartTimes } from './start-times.ts';

export interface Standby extends Host {
  /**
   * Starts the actor, unless one of its id waits already.
   * @param keepMs ended when nobody takes it within that time. Absent: it is sure to be taken at once, or dropped.
   */
  prepare(spec: ChildSpec, keepMs?: number): void;
  /** Ends the one that waits, if there is one. */
  drop(id: string): void;
  /** How long before its time a thread is to be started, in ms: longer than most of the last starts took. */
  readonly leadMs: number;
  /** Ends those that wait; what was taken, and the host itself, is their owner's. */
  close(): Promise<void>;
}

export interface StandbyOptions {
  readonly host: Host;
  /** For those who could not be foreseen. */
  readonly spare: Pick<Spare, 'take'>;
  readonly clock: Clock;
}

/** More at once would take the cores from the service. */
const AT_ONCE = 2;

interface Waiting {
  readonly starting: Promise<ActorRef>;
  /** Ends its time. */
  readonly disarm: () => void;
  readonly cancel: () => void;
}

export function createStandby({ host, spare, clock }: StandbyOptions): Standby {
  const times = createStartTimes(clock);
  const waiting = new Map<string, Waiting>();
  const ending = new Set<Promise<void>>();
  const inLine = createLine(AT_ONCE);

  const startOnSpare = (...given: Parameters<Host['start']>): Promise<ActorRef> | undefined =>
    spare.take()?.start(...given);
  const start = (spec: ChildSpec, signal: AbortSignal): Promise<ActorRef> =>
    times.measure(() =>
      inLine(() => {
        signal.throwIfAborted();
        return host.start(spec, {}, signal);
      }),
    );
  const take = (id: string): Waiting | undefined => {
    const found = waiting.get(id);
    waiting.delete(id);
    found?.disarm();
    return found;
  };
  const drop = (id: string): void => {
    const found = take(id);
    if (found === undefined) return;
    found.cancel();
    const ended = found.starting.then((ref) => host.stop(ref)).catch(() => undefined);
    ending.add(ended);
    void ended.then(() => ending.delete(ended));
  };

  return {
    prepare(spec, keepMs) {
      const { id } = spec;
      // What was only likely is certain now.
      if (keepMs === undefined) waiting.get(id)?.disarm();
      if (waiting.has(id)) return;
      const cancelling = new AbortController();
      const { signal } = cancelling;
      const isCertain = keepMs === undefined;
      const own: Waiting = {
        starting: (isCertain ? startOnSpare(spec, {}, signal) : undefined) ?? start(spec, signal),
        disarm: isCertain ? () => undefined : clock.after(keepMs, () => drop(id)),
        cancel: () => cancelling.abort(),
      };
      waiting.set(id, own);
      const lost = (): void => {
        if (waiting.get(id) === own) take(id);
      };
      own.starting.then((ref) => ref.exited.then(lost), lost);
    },
    drop,
    get leadMs() {
      return times.leadMs;
    },
    start: (...given) =>
      take(given[0].id)?.starting ?? startOnSpare(...given) ?? times.measure(() => host.start(...given)),
    stop: (ref) => host.stop(ref),
    kill: (ref) => host.kill(ref),
    async close() {
      for (const id of [...waiting.keys()]) drop(id);
      await Promise.all(ending);
    },
  };
}

/** Runs at most so many at once, in the order of asking. */
function createLine(atOnce: number): <T>(run: () => Promise<T>) => Promise<T> {
  let free = atOnce;
  const next: (() => void)[] = [];
  return async (run) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => next.push(resolve));
    try {
      return await run();
    } finally {
      const first = next.shift();
      if (first === undefined) free += 1;
      else first();
    }
  };
}
