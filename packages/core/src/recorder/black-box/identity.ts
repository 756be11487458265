// Who this process is, so that its successor can tell whether it still runs. Linux tells everything; elsewhere only
// the pid is known, and one that was given away again counts as running.
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { LifeIdentity } from './record.ts';

/** A life that cannot be looked up (another container or machine) and has not written for so long is gone, in ms. */
const SILENT_MS = 20_000;

/** Of the process that this thread belongs to. */
export const ownIdentity = (): LifeIdentity => ({
  hostname: hostname(),
  bootId: attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()) ?? '',
  pidNamespace: attempt(() => readlinkSync('/proc/self/ns/pid')) ?? '',
  pid: process.pid,
  startTicks: startTicksOf(process.pid) ?? '',
});

/** The same for the same process, whoever asks. */
export const keyOf = ({ hostname, bootId, pidNamespace, pid, startTicks }: LifeIdentity): string =>
  [hostname, bootId, pidNamespace, pid, startTicks].join('/');

/** Whether a life of another process may be told of here: it lived on this host, whatever container it was in. */
export const isOfThisHost = (other: LifeIdentity, own: LifeIdentity): boolean =>
  other.hostname === own.hostname || (other.bootId !== '' && other.bootId === own.bootId);

/** Whether that process no longer runs. */
export function isGone(other: LifeIdentity, silentMs: number, own: LifeIdentity = ownIdentity()): boolean {
  if (other.bootId !== own.bootId || other.pidNamespace !== own.pidNamespace) return silentMs >= SILENT_MS;
  if (other.startTicks !== '') return startTicksOf(other.pid) !== other.startTicks;
  return other.pid === own.pid || !isRunning(other.pid);
}

/** Undefined when there is no such process, or only what its parent has not yet taken note of. */
function startTicksOf(pid: number): string | undefined {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  if (stat === undefined) return undefined;
  // The name is in parentheses and may contain anything.
  const [state = '', ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return state === 'Z' || state === 'X' ? undefined : fields[18];
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is one too.
    return (error as { code?: unknown }).code === 'EPERM';
  }
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
