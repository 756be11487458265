// What a worker thread computes: a CPU profile of a third of a second, taken when asked (1 to 2 ms of main). It ends by
// itself, whoever asked for it.
import type { Worker } from 'node:worker_threads';
import type { JsonValue } from '@nodelens/core';

// Taken at load: a user's fake timers must not let a profile run on.
const later = setTimeout;
const PROFILE_MS = 300;
const MAX_CHARS = 500_000;

/** Newer Node versions only. */
type Profiled = Partial<{ startCpuProfile(name: string): Promise<{ stop(): Promise<string> }> }>;

export interface WorkerProfile {
  /** Begins one, unless one goes on; returns whether one does. */
  begin(worker: Worker): boolean;
  /** The text of the one that was begun last (JSON as of the inspector's Profiler), once; `null` while there is none. */
  take(): JsonValue;
}

export function createWorkerProfile(): WorkerProfile {
  let isGoingOn = false;
  let text: string | null = null;
  const run = async (start: () => Promise<{ stop(): Promise<string> }>): Promise<void> => {
    try {
      const profile = await start();
      await new Promise<void>((resolve) => {
        later(resolve, PROFILE_MS).unref();
      });
      const taken = await profile.stop();
      text = taken.length > MAX_CHARS ? null : taken;
    } catch {
      // The worker has ended meanwhile.
    }
    isGoingOn = false;
  };
  return {
    begin(worker: Worker & Profiled) {
      const { startCpuProfile } = worker;
      if (startCpuProfile === undefined) return false;
      if (!isGoingOn) {
        isGoingOn = true;
        text = null;
        void run(() => startCpuProfile.call(worker, 'nodelens'));
      }
      return true;
    },
    take() {
      const taken = text;
      text = null;
      return taken;
    },
  };
}
