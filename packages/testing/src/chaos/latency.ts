// Latency of the chaos phase against the calm phases, like with like: windows of one length, those left out in which
// others used the machine. Pure.
import type { MachineSample } from './machine.ts';
import type { LoadWindow } from './wire.ts';

/** Above this many foreign cores (mean of a window) it says more about the neighbours than about us. */
export const DISTURBED_CORES = 0.25;
/** Of each side; below that there is nothing to judge by. */
const ENOUGH_WINDOWS = 3;
/** How often the calm p99 that of the chaos phase may be. */
export const MAX_RATIO = 2;

export interface Phase {
  readonly name: 'calm' | 'chaos';
  readonly fromMs: number;
  readonly toMs: number;
}

export interface PhaseLatency {
  readonly windows: number;
  /** Left out because others used the machine. */
  readonly disturbed: number;
  readonly requests: number;
  readonly p50Ms: number;
  /** Of all requests of the windows that count. */
  readonly p99Ms: number;
  /** Of the windows, each with its own p99: lowest, median, highest. */
  readonly windowP99Ms: readonly [number, number, number];
  readonly maxMs: number;
  /** Of all requests, also of the windows that were left out. */
  readonly rawP99Ms: number;
  /** The service's main thread, mean of a second: computing, and ready to but without a core. */
  readonly mainBusyMs: number;
  readonly mainStarvedMs: number;
}

export interface LatencyVerdict {
  readonly calm: PhaseLatency;
  readonly chaos: PhaseLatency;
  /** p99 of the chaos phase by that of the calm ones. */
  readonly ratio: number;
  readonly verdict: 'kept' | 'broken' | 'not judged: too few windows in which the machine was ours';
}

export function judgeLatency(
  windows: readonly LoadWindow[],
  phases: readonly Phase[],
  { machine, windowMs }: { readonly machine: readonly MachineSample[]; readonly windowMs: number },
): LatencyVerdict {
  const phaseOf = (name: Phase['name']): PhaseLatency => {
    const own = windows.filter(({ startedAtMs }) =>
      phases.some(
        (phase) => phase.name === name && startedAtMs >= phase.fromMs && startedAtMs + windowMs <= phase.toMs,
      ),
    );
    const quiet = own.filter(({ startedAtMs }) => {
      const within = machine.filter(({ atMs }) => atMs > startedAtMs && atMs <= startedAtMs + windowMs);
      return mean(within.map(({ foreignCores }) => foreignCores)) <= DISTURBED_CORES;
    });
    const seconds = machine.filter(({ atMs }) =>
      phases.some((phase) => phase.name === name && atMs > phase.fromMs && atMs <= phase.toMs),
    );
    return {
      ...summarise(quiet, own),
      mainBusyMs: mean(seconds.map(({ mainBusyMs }) => mainBusyMs)),
      mainStarvedMs: mean(seconds.map(({ mainStarvedMs }) => mainStarvedMs)),
    };
  };
  const calm = phaseOf('calm');
  const chaos = phaseOf('chaos');
  const ratio = chaos.p99Ms / calm.p99Ms;
  const isEnough = Math.min(calm.windows, chaos.windows) >= ENOUGH_WINDOWS;
  return {
    calm,
    chaos,
    ratio,
    verdict: isEnough
      ? ratio <= MAX_RATIO
        ? 'kept'
        : 'broken'
      : 'not judged: too few windows in which the machine was ours',
  };
}

function summarise(
  windows: readonly LoadWindow[],
  raw: readonly LoadWindow[],
): Omit<PhaseLatency, 'mainBusyMs' | 'mainStarvedMs'> {
  const sorted = (some: readonly LoadWindow[]): number[] =>
    some.flatMap(({ latencies }) => latencies).toSorted((a, b) => a - b);
  const all = sorted(windows);
  const p99s = windows.map((window) => quantile(sorted([window]), 0.99)).toSorted((a, b) => a - b);
  return {
    windows: windows.length,
    disturbed: raw.length - windows.length,
    requests: all.length,
    p50Ms: quantile(all, 0.5),
    p99Ms: quantile(all, 0.99),
    windowP99Ms: [p99s[0] ?? Number.NaN, quantile(p99s, 0.5), p99s.at(-1) ?? Number.NaN],
    maxMs: all.at(-1) ?? Number.NaN,
    rawP99Ms: quantile(sorted(raw), 0.99),
  };
}

/** Of values in ascending order; NaN of none. */
export const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;

export const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
