// What the kernel knows of a thread of this process: its id, its name in `top -H`, its CPU. Linux only; elsewhere
// everything is undefined and nothing happens.
import { readFileSync, readlinkSync, writeFileSync } from 'node:fs';

/** Ours can be told by it: what follows is cut to 12 characters by the kernel. */
const PREFIX = 'nl:';

/** The name of a thread of ours: `nl:redis` for the actor `operator-redis` and for each of its runs. */
export const threadName = (id: string): string =>
  PREFIX + id.replace(/^operator-/, '').replace(/-[0-9a-f]{16}$/, '');

let own: number | undefined;

/** The kernel's id of the calling thread; 0 where unknown. */
export function ownThreadId(): number {
  own ??= readOwnId();
  return own;
}

function readOwnId(): number {
  try {
    return Number(readlinkSync('/proc/thread-self').split('/').at(-1)) || 0;
  } catch {
    return 0;
  }
}

/** Names the calling thread for `top -H`; best effort. */
export function nameOwnThread(name: string): void {
  try {
    writeFileSync('/proc/thread-self/comm', name.slice(0, 15));
  } catch {
    // No Linux, or a /proc that cannot be written to: then it keeps the name that it has.
  }
}

/** To be named costs 70 us, which is much for a run of a millisecond, and nobody would see it in `top`. */
const STAYS_MS = 250;

/** Names the calling thread once it has been busy for a while; the returned function gives `idleName` back. */
export function nameWhileBusy(name: string, idleName: string): () => void {
  let isNamed = false;
  const timer = setTimeout(() => {
    isNamed = true;
    nameOwnThread(name);
  }, STAYS_MS).unref();
  return () => {
    clearTimeout(timer);
    if (isNamed) nameOwnThread(idleName);
  };
}

/** CPU that a thread of this process has had so far, in ms; undefined where the kernel does not tell. */
export function cpuMsOf(tid: number): number | undefined {
  try {
    const ranNs = Number(readFileSync(`/proc/self/task/${tid}/schedstat`, 'utf8').split(' ', 1)[0]);
    return ranNs > 0 ? ranNs / 1e6 : undefined;
  } catch {
    return undefined;
  }
}
