// The report of a chaos run: JSON for machines, text for people; and which invariants were broken. Pure.
import type { FindingsFigures } from './findings.ts';
import { type LatencyVerdict, MAX_RATIO, mean, type Phase, quantile } from './latency.ts';
import type { MachineSample } from './machine.ts';
import type { Action } from './schedule.ts';
import type { TallyFigures } from './tally.ts';
import type { LoadResult } from './wire.ts';

/** Main's heap after a full collection may grow by that over the chaos phase, in MB: rings and caches that fill. */
const MAX_HEAP_GROWTH_MB = 8;
/** Resident memory in the calm after by that in the calm before: allocators keep for later what ended threads had. */
const MAX_RSS_RATIO = 2;
/** Resident memory in the last third of the chaos by that in the first: above that it grows. */
const MAX_RSS_TREND = 1.5;

export interface ReportParts {
  readonly options: {
    readonly seed: number;
    readonly chaosMs: number;
    readonly calmMs: number;
    readonly perSecond: number;
    readonly windowMs: number;
    readonly isJudgedByFigures: boolean;
  };
  readonly startedAt: string;
  readonly actions: readonly Action[];
  readonly phases: readonly Phase[];
  readonly traffic: LoadResult;
  readonly latency: LatencyVerdict;
  readonly machine: readonly MachineSample[];
  readonly heapMb: { readonly before: number; readonly after: number };
  readonly findings: FindingsFigures;
  /** What is left after the stop, in words. */
  readonly leaks: readonly string[];
  /** Sandbox processes whose launcher ended before they did: nobody can reap them. */
  readonly zombies: number;
  readonly stopMs: number;
  /** How the service's process ended. */
  readonly ending: string;
  readonly printed: string;
}

export interface WatchFigures {
  readonly tally: TallyFigures;
  readonly recoveries: Readonly<Record<string, { count: number; medianMs: number; maxMs: number }>>;
}

export interface ChaosReport {
  readonly schema: 'nodelens.chaos/1';
  readonly seed: number;
  readonly node: string;
  readonly startedAt: string;
  readonly chaosMs: number;
  readonly scheduled: number;
  readonly traffic: Omit<LoadResult, 'windows' | 'type'> & { readonly perSecond: number };
  readonly latency: LatencyVerdict;
  readonly memory: MemoryFigures;
  readonly findings: FindingsFigures;
  readonly recoveries: WatchFigures['recoveries'];
  readonly tally: Omit<TallyFigures, 'violations'>;
  readonly zombies: number;
  readonly stopMs: number;
  readonly foreignCores: number;
  /** Empty when every invariant held. */
  readonly violations: readonly string[];
}

export interface MemoryFigures {
  readonly heapBeforeMb: number;
  readonly heapAfterMb: number;
  readonly rssCalmMb: number;
  readonly rssChaosMb: number;
  readonly rssChaosMaxMb: number;
  /** Median of the last third of the chaos by that of the first. */
  readonly rssTrend: number;
  readonly rssAfterMb: number;
}

export function assembleReport(parts: ReportParts, watch: WatchFigures): ChaosReport {
  const { options, traffic, machine } = parts;
  const memory = memoryOf(parts);
  const { violations, ...tally } = watch.tally;
  return {
    schema: 'nodelens.chaos/1',
    seed: options.seed,
    node: process.version,
    startedAt: parts.startedAt,
    chaosMs: options.chaosMs,
    scheduled: parts.actions.length,
    traffic: {
      perSecond: options.perSecond,
      sent: traffic.sent,
      answered: traffic.answered,
      failures: traffic.failures,
    },
    latency: parts.latency,
    memory,
    findings: parts.findings,
    recoveries: watch.recoveries,
    tally,
    zombies: parts.zombies,
    stopMs: parts.stopMs,
    foreignCores: mean(machine.map(({ foreignCores }) => foreignCores)),
    violations: [
      ...violations,
      ...brokenAtTheEnd(parts),
      ...tooManyZombies(parts.zombies, tally),
      ...(options.isJudgedByFigures ? brokenFigures(parts, memory) : []),
    ],
  };
}

/** What counts in a run of any length. */
function brokenAtTheEnd({ traffic, findings, leaks, ending, printed }: ReportParts): readonly string[] {
  const unanswered = traffic.sent - traffic.answered;
  return [
    ...(unanswered > 0 ? [`${unanswered} requests had no answer: ${JSON.stringify(traffic.failures)}`] : []),
    ...findings.lost.map((finding) => `acknowledged and lost: ${finding}`),
    ...leaks.map((leak) => `left behind after the stop: ${leak}`),
    ...(ending === 'exit code 0' ? [] : [`the service did not end by itself: ${ending}`]),
    ...(printed === '' ? [] : [`the service printed: ${printed.slice(0, 2_000)}`]),
  ];
}

/** One for each end of a launcher that came without a word; the recorder takes its launcher along. */
function tooManyZombies(
  zombies: number,
  { faults, ends }: Omit<TallyFigures, 'violations'>,
): readonly string[] {
  const sum = (counts: Readonly<Record<string, number>>): number =>
    Object.values(counts).reduce((total, count) => total + count, 0);
  const launchers = Object.entries(faults).filter(([fault]) => fault.startsWith('launcher '));
  const ended = sum(ends) + sum(Object.fromEntries(launchers));
  return zombies > ended ? [`${zombies} zombies after ${ended} ends of a launcher`] : [];
}

function brokenFigures({ latency }: ReportParts, memory: MemoryFigures): readonly string[] {
  const grown = memory.heapAfterMb - memory.heapBeforeMb;
  const rssRatio = memory.rssAfterMb / memory.rssCalmMb;
  return [
    ...(latency.verdict === 'broken'
      ? [`p99 of the chaos phase is ${latency.ratio.toFixed(2)} of the calm one, more than ${MAX_RATIO}`]
      : []),
    ...(grown > MAX_HEAP_GROWTH_MB ? [`main's heap has grown by ${grown.toFixed(1)} MB`] : []),
    ...(memory.rssTrend > MAX_RSS_TREND
      ? [`resident memory grows: by ${memory.rssTrend.toFixed(2)} from the first third to the last`]
      : []),
    ...(rssRatio > MAX_RSS_RATIO ? [`resident memory is ${rssRatio.toFixed(2)} of what it was`] : []),
  ];
}

function memoryOf({ machine, phases, heapMb }: ReportParts): MemoryFigures {
  const within = (fromMs: number, toMs: number): number[] =>
    machine
      .filter(({ atMs }) => atMs >= fromMs && atMs <= toMs)
      .map(({ rssMb }) => rssMb)
      .toSorted((a, b) => a - b);
  const rssIn = (index: number, from = 0, to = 1): number[] => {
    const { fromMs = 0, toMs = 0 } = phases[index] ?? {};
    return within(fromMs + from * (toMs - fromMs), fromMs + to * (toMs - fromMs));
  };
  const median = (values: readonly number[]): number => quantile(values, 0.5);
  return {
    heapBeforeMb: heapMb.before,
    heapAfterMb: heapMb.after,
    rssCalmMb: median(rssIn(0)),
    rssChaosMb: median(rssIn(1)),
    rssChaosMaxMb: rssIn(1).at(-1) ?? Number.NaN,
    rssTrend: median(rssIn(1, 2 / 3)) / median(rssIn(1, 0, 1 / 3)),
    rssAfterMb: median(rssIn(2)),
  };
}
