// Lets V8's sampling thread sleep longer without touching the profile: Linux may put off the end of a sleep by the
// thread's timer slack. Writing another thread's takes CAP_SYS_NICE (root, as a rule); without it nothing changes.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** V8's name of it, cut by the kernel to 15 characters. */
const SAMPLER = 'v8:ProfEvntProc';

/** The sampling threads of this process, by the kernel's id; none where there is no /proc. */
export function samplerThreads(): readonly number[] {
  try {
    return readdirSync('/proc/self/task')
      .filter((tid) => readFileSync(`/proc/self/task/${tid}/comm`, 'utf8').trim() === SAMPLER)
      .map(Number);
  } catch {
    return [];
  }
}

export interface TimerSlack {
  /** The end of a sleep may be put off by up to `ms`; 0 gives the thread back what it had. From its next sleep on. */
  set(ms: number): void;
}

/** Undefined where this process may not change it. */
export function createTimerSlack(tid: number): TimerSlack | undefined {
  const file = `/proc/${tid}/timerslack_ns`;
  const write = (ns: string): boolean => {
    try {
      writeFileSync(file, ns);
      return true;
    } catch {
      // No such right, or the thread is gone: then there is nothing to give back either.
      return false;
    }
  };
  let usual: string;
  try {
    usual = readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
  if (!write(usual)) return undefined;
  return { set: (ms) => void write(ms === 0 ? usual : String(ms * 1_000_000)) };
}
