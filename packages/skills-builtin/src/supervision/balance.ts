// How evenly the cluster's work is spread: the CPU of its workers over the last 15 s.
import { max, mean, sum } from '../statistics.ts';
import { round } from '../wording.ts';
import type { Sources } from './sources.ts';
import type { Reading } from './watch.ts';

const BALANCE_MS = 15_000;
const TOLD = 50;

export interface ClusterBalance {
  readonly workers: number;
  readonly windowSeconds: number;
  readonly meanPercent: number;
  readonly maxPercent: number;
  /** Mean without the busiest. */
  readonly othersPercent: number;
  readonly busiestFirst: readonly ClusterWorker[];
}

export interface ClusterWorker {
  readonly pid: number;
  readonly name: string;
  readonly file: string | null;
  /** Of one core. */
  readonly cpuPercent: number;
  /** What its main thread wanted of a core, waiting for one included. */
  readonly mainWantedPercent: number;
  /** How often its main thread reads: a measure of how much comes in; null where that may not be seen. */
  readonly mainReadsPerSecond: number | null;
  readonly rssMb: number;
  readonly openFiles: number | null;
  readonly ageMs: number;
}

/** Of those that are as old as the window. */
export function balanceOf(sources: Sources, now: Reading = sources.watch.now()): ClusterBalance {
  const workers = workersOf(sources, now).toSorted((a, b) => b.cpuPercent - a.cpuPercent);
  const percents = workers.map(({ cpuPercent }) => cpuPercent);
  const most = max(percents);
  return {
    workers: workers.length,
    windowSeconds: BALANCE_MS / 1_000,
    meanPercent: round(mean(percents)),
    maxPercent: most,
    othersPercent: workers.length < 2 ? 0 : round((sum(percents) - most) / (workers.length - 1)),
    busiestFirst: workers.slice(0, TOLD),
  };
}

function workersOf({ watch, lives, context }: Sources, now: Reading): readonly ClusterWorker[] {
  const rates = watch.childRates(now, BALANCE_MS);
  return lives.alive().flatMap(({ kind, pid = 0, name, file, startedAtMs }): readonly ClusterWorker[] => {
    const rate = kind === 'cluster' ? rates.get(pid) : undefined;
    if (rate === undefined) return [];
    return [
      {
        pid,
        name,
        file: file ?? null,
        ...rate,
        rssMb: now.children.get(pid)?.rssMb ?? 0,
        openFiles: watch.kernel.openFiles(pid) ?? null,
        ageMs: Math.max(0, context.now() - startedAtMs),
      },
    ];
  });
}
