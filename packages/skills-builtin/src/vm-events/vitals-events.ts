// What the samples of main tell of: edges of the heap's limit, bursts of a busy loop, jumps of the resident memory.
// Derived anew from the ring whenever asked, which holds an hour. Pure.
import type { VitalsSample } from '@nodelens/core';
import { max, mean } from '../statistics.ts';
import { round } from '../wording.ts';
import type { VmEvent } from './event.ts';

/** As in gc.near_limit: from here on full collections follow each other. */
export const NEAR_LIMIT_PERCENT = 85;
/** Down again only here: a heap that saws at the limit is one stay, not one edge a second. */
const CLEAR_PERCENT = 80;
/** runtime.cpu_hot looks at 0.9 over 10 s; a burst is what half of that time shows. */
const BUSY_UTILIZATION = 0.9;
const BUSY_SAMPLES = 5;
/** V8's young generation by itself moves up to 48 MB (three semi-spaces of 16 MB, `--max-semi-space-size`). */
const JUMP_MB = 64;
const JUMP_SHARE = 0.2;
const JUMP_SAMPLES = 5;

/** @param samples newest first, as the ring gives them */
export function eventsOfVitals(
  samples: readonly VitalsSample[],
  heapLimitMb: number | undefined,
): readonly VmEvent[] {
  const ordered = samples.toReversed();
  return [
    ...(heapLimitMb === undefined ? [] : heapEdges(ordered, heapLimitMb)),
    ...busyLoops(ordered),
    ...rssJumps(ordered),
  ];
}

/** One event for each crossing; the one down carries how long the heap was above, and its peak. */
export function heapEdges(ordered: readonly VitalsSample[], heapLimitMb: number): readonly VmEvent[] {
  const events: VmEvent[] = [];
  let above: { readonly sinceMs: number; peakPercent: number } | undefined;
  for (const { atMs, heapUsedMb } of ordered) {
    const usedPercent = (100 * heapUsedMb) / heapLimitMb;
    const isUp = above === undefined && usedPercent >= NEAR_LIMIT_PERCENT;
    if (isUp) above = { sinceMs: atMs, peakPercent: usedPercent };
    if (above === undefined) continue;
    above.peakPercent = Math.max(above.peakPercent, usedPercent);
    if (!isUp && usedPercent >= CLEAR_PERCENT) continue;
    const { sinceMs, peakPercent } = above;
    const edge = isUp
      ? { edge: 'up' }
      : { edge: 'down', aboveMs: atMs - sinceMs, peakPercent: round(peakPercent) };
    const facts = { ...edge, usedPercent: round(usedPercent), heapUsedMb, heapLimitMb };
    events.push({ type: 'heap-limit', atMs, facts });
    if (!isUp) above = undefined;
  }
  return events;
}

/** Runs of seconds with a busy loop. */
export function busyLoops(ordered: readonly VitalsSample[]): readonly VmEvent[] {
  return runsOf(ordered, ({ eventLoopUtilization }) => eventLoopUtilization >= BUSY_UTILIZATION)
    .filter((run) => run.length >= BUSY_SAMPLES)
    .map((run) => {
      const [first, last] = [run[0] as VitalsSample, run.at(-1) as VitalsSample];
      return {
        type: 'busy-loop',
        atMs: first.atMs - 1_000,
        durationMs: last.atMs - first.atMs + 1_000,
        facts: {
          ongoing: last === ordered.at(-1),
          utilizationMean: round(mean(run.map((s) => s.eventLoopUtilization)), 3),
          mainCpuMeanPercent: round(mean(run.map((s) => s.mainCpuPercent))),
          delayMaxMs: round(max(run.map((s) => s.eventLoopDelayMaxMs))),
        },
      };
    });
}

/** Each rise to a sample that stands high above the lowest of the seconds before; a rise that goes on is one. */
export function rssJumps(ordered: readonly VitalsSample[]): readonly VmEvent[] {
  const lowBefore = new Map<VitalsSample, number>();
  ordered.forEach((sample, index) => {
    if (index === 0) return;
    let low = Number.POSITIVE_INFINITY;
    for (let before = Math.max(0, index - JUMP_SAMPLES); before < index; before += 1)
      low = Math.min(low, ordered[before]?.rssMb ?? low);
    if (sample.rssMb - low < Math.max(JUMP_MB, JUMP_SHARE * low)) return;
    lowBefore.set(sample, low);
  });
  return runsOf(ordered, (sample) => lowBefore.has(sample)).map((run) => {
    const first = run[0] as VitalsSample;
    const fromMb = lowBefore.get(first) ?? first.rssMb;
    const toMb = max(run.map(({ rssMb }) => rssMb));
    const peak = run.find(({ rssMb }) => rssMb === toMb) ?? first;
    return {
      type: 'rss-jump',
      atMs: first.atMs,
      durationMs: peak.atMs - first.atMs,
      facts: { fromMb: round(fromMb), toMb: round(toMb), risenMb: round(toMb - fromMb) },
    };
  });
}

function runsOf(
  ordered: readonly VitalsSample[],
  is: (sample: VitalsSample) => boolean,
): readonly (readonly VitalsSample[])[] {
  const runs: VitalsSample[][] = [];
  let run: VitalsSample[] | undefined;
  for (const sample of ordered) {
    if (!is(sample)) {
      run = undefined;
      continue;
    }
    if (run === undefined) {
      run = [];
      runs.push(run);
    }
    run.push(sample);
  }
  return runs;
}
