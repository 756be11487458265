// How long work waits for libuv's threads, which the whole process shares: measured by a task of the recorder's own, the
// smallest there is, once a second. It sees all kinds of work (files, crypto, zlib, addons), also while main is blocked.
import { readdirSync, readFileSync, stat } from 'node:fs';
import { join } from 'node:path';

export interface Threadpool {
  /** Sends the next task when the last one has come back. */
  tick(): void;
  /** How long the newest task has waited, also while it still does; undefined before the first. In ms. */
  waitMs(): number | undefined;
  /** Libuv's threads and how many of them run or wait for a disk right now; undefined where they cannot be seen. */
  threads(): ThreadsNow | undefined;
}

export interface ThreadsNow {
  readonly size: number;
  readonly running: number;
  /** In an uninterruptible wait: a disk or a network file system. */
  readonly waitingForDisk: number;
}

const now = performance.now.bind(performance);

const YOUNG_MS = 10;

export function createThreadpool(root: string): Threadpool {
  let sentAt: number | undefined;
  let lastMs: number | undefined;
  return {
    tick() {
      if (sentAt !== undefined) return;
      sentAt = now();
      stat(root, () => {
        lastMs = now() - (sentAt ?? now());
        sentAt = undefined;
      });
    },
    waitMs() {
      const waitingMs = sentAt === undefined ? 0 : now() - sentAt;
      // One that has only just been sent tells nothing yet.
      return waitingMs > (lastMs ?? YOUNG_MS) ? waitingMs : lastMs;
    },
    threads: () => threadsNow(join(root, 'proc/self/task')),
  };
}

function threadsNow(folder: string): ThreadsNow | undefined {
  try {
    const states = readdirSync(folder).flatMap((tid) => poolState(join(folder, tid, 'stat')) ?? []);
    if (states.length === 0) return undefined;
    const count = (state: string): number => states.filter((one) => one === state).length;
    return { size: states.length, running: count('R'), waitingForDisk: count('D') };
  } catch {
    return undefined;
  }
}

/** `17 (libuv-worker) R …`; undefined for other threads, and for one that has just ended. */
function poolState(path: string): string | undefined {
  try {
    return /\(libuv-worker\) (\w)/.exec(readFileSync(path, 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}
