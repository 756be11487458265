// What a process holds at a moment, so that before and after can be compared. Linux.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Resources } from './wire.ts';

/** Of the process that calls it. */
export function ownResources(): Resources {
  return {
    threads: threadsOf('self').length,
    ...childrenOf('self'),
    files: filesOf('self'),
    handles: counted(process.getActiveResourcesInfo()),
    listeners: Object.fromEntries(
      process.eventNames().map((event) => [String(event), process.listenerCount(event)]),
    ),
  };
}

/** What there is more of than before, in words. */
export function leftBehind(before: Resources, after: Resources): readonly string[] {
  const found = [
    ...more('threads', { all: before.threads }, { all: after.threads }),
    ...more('child processes', { all: before.children }, { all: after.children }),
    ...more('file descriptors', before.files, after.files),
    ...more('active handles', before.handles, after.handles),
    ...more('listeners on process', before.listeners, after.listeners),
  ];
  return found;
}

type Counts = Readonly<Record<string, number>>;

const more = (what: string, before: Counts, after: Counts): string[] =>
  Object.entries(after)
    .filter(([kind, count]) => count > (before[kind] ?? 0))
    .map(([kind, count]) => `${what} (${kind}): ${before[kind] ?? 0} before, ${count} after`);

const threadsOf = (pid: number | 'self'): string[] => readdirSync(`/proc/${pid}/task`);

/** A child whose thread has ended is reaped by nobody: it is a zombie until the process ends, whatever it does. */
function childrenOf(pid: number | 'self'): Pick<Resources, 'children' | 'zombies'> {
  const states = threadsOf(pid).flatMap((tid) => {
    try {
      return readFileSync(`/proc/${pid}/task/${tid}/children`, 'utf8')
        .split(' ')
        .filter(Boolean)
        .map(stateOf);
    } catch {
      // A thread may end while it is looked at.
      return [];
    }
  });
  const zombies = states.filter((state) => state === 'Z').length;
  return { children: states.length - zombies, zombies };
}

/** One letter, as `ps` prints it. */
function stateOf(pid: string): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.charAt(stat.lastIndexOf(')') + 2);
}

function filesOf(pid: number | 'self'): Counts {
  const kinds = readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      // `socket:[123]` is of the kind `socket`; a file is of its own.
      return [readlinkSync(`/proc/${pid}/fd/${fd}`).replace(/:\[\d+\]$/, '')];
    } catch {
      // The one that lists the folder is gone already.
      return [];
    }
  });
  return counted(kinds);
}

function counted(names: readonly string[]): Counts {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
