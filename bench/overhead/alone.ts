// What being preloaded costs a process that serves nobody: once at its start, and while it is idle.
import { setTimeout as delay } from 'node:timers/promises';
import { median, quantile } from '../ratios/quantile.ts';
import { type AttachCost, measureAttach, type Subject, startSubject } from './subject.ts';
import { printDifferences } from './tables.ts';
import { BARE, type Variant } from './variants.ts';

const IDLE_WARMUP_MS = 8000;
const IDLE_MS = 15_000;

interface Idle {
  /** CPU of all threads, in ms per idle second. */
  readonly allMs: number;
  /** CPU of the main thread, in ms per idle second. */
  readonly mainMs: number;
  readonly rssMb: number;
}

/** The difference of `others` to bare in a table; `summary` makes one figure of a process's repetitions. */
function printCosts<Cost>(
  title: string,
  others: readonly Variant[],
  costs: ReadonlyMap<Variant, readonly Cost[]>,
  rows: readonly { readonly label: string; readonly key: keyof Cost; readonly digits: number }[],
  summary: (values: readonly number[]) => number,
): void {
  const figure = (variant: Variant, key: keyof Cost): number =>
    summary((costs.get(variant) ?? []).map((cost) => Number(cost[key])));
  printDifferences(
    title,
    others,
    rows.map(({ label, key, digits }) => ({
      label,
      base: figure(BARE, key),
      others: others.map((variant) => figure(variant, key)),
      digits,
    })),
  );
}

/** Fresh processes in turns, `runs` of each variant. */
export async function attachCost(others: readonly Variant[], runs: number): Promise<void> {
  const costs = new Map([BARE, ...others].map((variant) => [variant, [] as AttachCost[]]));
  for (let run = 0; run < runs; run += 1)
    for (const [variant, measured] of costs) measured.push(await measureAttach(variant.preload));
  printCosts(
    `What attaching costs main once: lower quartile of ${runs} starts, ms`,
    others,
    costs,
    [
      { label: "CPU of main until the app's first line", key: 'readyCpuMs', digits: 1 },
      { label: "until the app's first line, by the clock", key: 'readyMs', digits: 1 },
      { label: 'longest gap of the loop in the first 2 s', key: 'gapMs', digits: 1 },
    ],
    (values) => quantile(values, 0.25),
  );
}

interface Reading {
  readonly allUs: number;
  readonly mainUs: number;
  readonly rssMb: number;
}

/** A request would wake a server that is at rest. */
function read(subject: Subject): Reading {
  const { cpuUs, rssMb } = subject.totalsUnasked();
  return { allUs: cpuUs, mainUs: subject.mainCpuUs(), rssMb };
}

/** Lets servers that are all alive idle at the same time: an idle one leaves the core to the others. */
async function idleTogether(variants: readonly Variant[]): Promise<readonly Idle[]> {
  const subjects: Subject[] = [];
  for (const { preload } of variants) subjects.push(await startSubject(preload));
  await delay(IDLE_WARMUP_MS);
  const before = subjects.map(read);
  await delay(IDLE_MS);
  const result: Idle[] = [];
  for (const [index, subject] of subjects.entries()) {
    const { allUs, mainUs, rssMb } = read(subject);
    const { allUs: allBefore, mainUs: mainBefore } = before[index] as Reading;
    // A us of IDLE_MS is a thousandth of a ms in a thousandth of them: ms per s.
    result.push({ allMs: (allUs - allBefore) / IDLE_MS, mainMs: (mainUs - mainBefore) / IDLE_MS, rssMb });
    await subject.stop();
  }
  return result;
}

/** `runs` times a fresh process of each variant, left alone. */
export async function idleCost(others: readonly Variant[], runs: number): Promise<void> {
  const variants = [BARE, ...others];
  const costs = new Map(variants.map((variant) => [variant, [] as Idle[]]));
  for (let run = 0; run < runs; run += 1)
    for (const [index, idle] of (await idleTogether(variants)).entries())
      costs.get(variants[index] as Variant)?.push(idle);
  printCosts(
    `An idle process: median of ${runs} starts, ${IDLE_MS / 1000} s after ${IDLE_WARMUP_MS / 1000} s`,
    others,
    costs,
    [
      { label: 'CPU of all threads, ms per second', key: 'allMs', digits: 2 },
      { label: 'CPU of main, ms per second', key: 'mainMs', digits: 2 },
      { label: 'resident memory, MB', key: 'rssMb', digits: 0 },
    ],
    median,
  );
}
