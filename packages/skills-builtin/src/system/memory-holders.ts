// Who holds the memory of a container with a limit, over time: of a process that the kernel killed for want of memory
// nothing else remains. Read with every stored reading: some 60 us for each process of the container.
import { megabytes } from '../wording.ts';
import { processesIn } from './container-processes.ts';
import type { Reading } from './history.ts';
import type { Machine } from './machine.ts';
import { effectiveLimitMb } from './memory-limit.ts';
import { parseProcessStat } from './proc-text.ts';
import { processName } from './process-name.ts';

const PAGE_BYTES = 4_096;
const KEPT = 20;
/** Below it a kill would have helped nobody. */
const LEAST_MB = 16;

export interface Killed {
  readonly atMs: number;
  readonly pid: number;
  readonly name: string;
  /** When it was last seen. */
  readonly rssMb: number;
}

interface Holder {
  readonly pid: number;
  readonly startTicks: number;
  readonly name: string;
  readonly rssMb: number;
}

export interface MemoryHolders {
  /** Does nothing where there is no limit. */
  look(now: Reading): void;
  /** Newest first. */
  killed(): readonly Killed[];
}

export function watchMemoryHolders({ reader }: Machine): MemoryHolders {
  let before: readonly Holder[] = [];
  let killsBefore: number | undefined;
  let killed: readonly Killed[] = [];
  const names = new Map<string, string>();
  const read = (pid: number): readonly Holder[] => {
    const stat = parseProcessStat(reader.text(`proc/${pid}/stat`));
    // A zombie holds nothing any more.
    if (stat === undefined || stat.rssPages === 0) return [];
    const key = `${pid}:${stat.startTicks}`;
    const name = names.get(key) ?? processName(reader.text(`proc/${pid}/cmdline`), stat.comm);
    names.set(key, name);
    return [{ pid, startTicks: stat.startTicks, name, rssMb: megabytes(stat.rssPages * PAGE_BYTES) }];
  };
  return {
    look(now) {
      if (effectiveLimitMb(now) === undefined || now.cgroup === undefined) return;
      const { folder, oomKills } = now.cgroup.memory;
      const holders = processesIn(reader, folder).flatMap(read);
      if (names.size > 4 * holders.length + KEPT) names.clear();
      const kills = oomKills === undefined || killsBefore === undefined ? 0 : oomKills - killsBefore;
      const gone = before
        .filter(({ rssMb }) => rssMb >= LEAST_MB)
        .filter((one) => !holders.some((other) => isSame(one, other)))
        .toSorted((a, b) => b.rssMb - a.rssMb)
        .slice(0, Math.max(0, kills));
      const { atMs } = now;
      killed = [...gone.map(({ pid, name, rssMb }) => ({ atMs, pid, name, rssMb })), ...killed].slice(
        0,
        KEPT,
      );
      before = holders;
      killsBefore = oomKills;
    },
    killed: () => killed,
  };
}

const isSame = (one: Holder, other: Holder): boolean =>
  one.pid === other.pid && one.startTicks === other.startTicks;
