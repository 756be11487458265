// Who uses the machine: the processes that /proc shows (in a container, only its own), looked at twice. Bounded, in
// small portions, and only when asked: two looks at a process cost about 0.2 ms.
import { setImmediate, setTimeout } from 'node:timers/promises';
import { megabytes, round } from '../wording.ts';
import type { Machine } from './machine.ts';
import { type ProcessStat, parseCpuTicks, parsePairs, parseProcessStat } from './proc-text.ts';
import { processName } from './process-name.ts';

const MAX_PROCESSES = 300;
const PORTION = 25;
/** USER_HZ: the same on every platform that Node runs on. */
const TICKS_PER_SECOND = 100;
/** Only to sort by; what is told comes from the status file, which counts in kB. */
const PAGE_BYTES = 4_096;

export interface ProcessFigures {
  readonly pid: number;
  readonly name: string;
  /** Of one core. */
  readonly cpuPercent: number;
  readonly rssMb: number;
  readonly threads: number;
  readonly state: string;
  readonly relation: 'self' | 'child' | 'other';
}

export interface TopProcesses {
  readonly windowSeconds: number;
  /** How many were looked at, and how many there are. */
  readonly looked: number;
  readonly total: number;
  /** Of all CPUs. */
  readonly machineBusyPercent: number | undefined;
  readonly processes: readonly ProcessFigures[];
}

export interface TopQuery {
  readonly by: 'cpu' | 'memory';
  readonly limit: number;
  readonly windowMs: number;
  /** Only these; default all that can be seen. */
  readonly pids?: readonly number[];
  readonly signal: AbortSignal;
}

export async function topProcesses(machine: Machine, query: TopQuery): Promise<TopProcesses> {
  const { reader, clocks } = machine;
  const seen = query.pids ?? pidsOf(reader.names('proc'));
  // The low numbers are the kernel's own.
  const pids = seen.toSorted((a, b) => b - a);
  const own = parseProcessStat(reader.text('proc/self/stat'))?.pid;
  const looked = pids.slice(0, MAX_PROCESSES);
  const ticksBefore = parseCpuTicks(reader.text('proc/stat'));
  const startMs = clocks.monotonicMs();
  const before = await readAll(machine, looked);
  await setTimeout(query.windowMs, undefined, { signal: query.signal });
  const middleMs = clocks.monotonicMs();
  const ticksAfter = parseCpuTicks(reader.text('proc/stat'));
  const after = await readAll(machine, looked);
  const seconds = Math.max(0.001, (middleMs - startMs) / 1_000);
  const rows = [...after.values()]
    .map((stat) => ({ stat, cpuPercent: cpuPercent(before.get(stat.pid), stat, seconds) }))
    .sort((a, b) => (query.by === 'cpu' ? b.cpuPercent - a.cpuPercent : b.stat.rssPages - a.stat.rssPages));
  const ticks = ticksBefore && ticksAfter && ticksAfter.total - ticksBefore.total;
  return {
    windowSeconds: round(seconds),
    looked: after.size,
    total: pids.length,
    machineBusyPercent:
      ticksBefore && ticksAfter && ticks
        ? round((100 * (ticksAfter.busy - ticksBefore.busy)) / ticks)
        : undefined,
    processes: rows
      .slice(0, query.limit)
      .map(({ stat, cpuPercent }) => describe(machine, stat, { cpuPercent, own })),
  };
}

const pidsOf = (names: readonly string[]): readonly number[] =>
  names.filter((name) => /^\d+$/.test(name)).map(Number);

async function readAll(
  { reader }: Machine,
  pids: readonly number[],
): Promise<ReadonlyMap<number, ProcessStat>> {
  const found = new Map<number, ProcessStat>();
  for (const [index, pid] of pids.entries()) {
    if (index % PORTION === PORTION - 1) await setImmediate();
    const stat = parseProcessStat(reader.text(`proc/${pid}/stat`));
    if (stat !== undefined) found.set(pid, stat);
  }
  return found;
}

/** One that has begun meanwhile, or has another's number, is not known yet. */
const cpuPercent = (before: ProcessStat | undefined, after: ProcessStat, seconds: number): number =>
  before === undefined || before.startTicks !== after.startTicks
    ? 0
    : round((100 * (after.cpuTicks - before.cpuTicks)) / TICKS_PER_SECOND / seconds);

function describe(
  { reader }: Machine,
  stat: ProcessStat,
  { cpuPercent, own }: { readonly cpuPercent: number; readonly own: number | undefined },
): ProcessFigures {
  const rssKb = parsePairs(reader.text(`proc/${stat.pid}/status`)).VmRSS;
  return {
    pid: stat.pid,
    name: processName(reader.text(`proc/${stat.pid}/cmdline`), stat.comm),
    cpuPercent,
    rssMb: megabytes(rssKb === undefined ? stat.rssPages * PAGE_BYTES : rssKb * 1_024),
    threads: stat.threads,
    state: stat.state,
    relation: stat.pid === own ? 'self' : stat.parentPid === own ? 'child' : 'other',
  };
}
