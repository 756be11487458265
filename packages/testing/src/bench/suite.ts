// Runs many cases, some at a time, and tells of each as it ends.
import type { Case, Tier } from './case.ts';
import { missingNeed } from './needs.ts';
import { type CaseRun, type RunOptions, runCase } from './run-case.ts';

export interface SuiteOptions extends Omit<RunOptions, 'variant' | 'seed' | 'investigations'> {
  readonly cases: readonly Case[];
  /** Runs of each incident; 0 leaves them out. */
  readonly repeats: number;
  /** Runs of each healthy twin; 0 leaves them out. */
  readonly twinRepeats: number;
  /** Runs at the same time. */
  readonly concurrency: number;
  readonly seed: number;
  readonly onRun?: (run: CaseRun) => void;
  readonly signal?: AbortSignal;
}

export interface Skipped {
  readonly case: string;
  readonly reason: string;
}

export interface SuiteResult {
  readonly runs: readonly CaseRun[];
  readonly skipped: readonly Skipped[];
  readonly durationMs: number;
}

interface Planned extends Pick<RunOptions, 'variant' | 'seed' | 'investigations'> {
  readonly one: Case;
}

/** A healthy service may be asked again and again; more than one start, because a start may be lucky. */
const INVESTIGATIONS_PER_START = 5;

export const TIERS: readonly Tier[] = ['easy', 'medium', 'hard'];

export async function runSuite(options: SuiteOptions): Promise<SuiteResult> {
  const startedMs = performance.now();
  const skipped: Skipped[] = [];
  const able: Case[] = [];
  for (const one of options.cases) {
    const reason = await missingNeed(one);
    if (reason === undefined) able.push(one);
    else skipped.push({ case: one.id, reason });
  }
  const [alone = [], shared = []] = [true, false].map((isAlone) =>
    planOf(
      able.filter((one) => one.isAlone === isAlone),
      options,
    ),
  );
  const runs: CaseRun[] = [];
  const work = async (plan: Planned[]): Promise<void> => {
    for (let next = plan.shift(); next !== undefined && !options.signal?.aborted; next = plan.shift()) {
      const { one, ...start } = next;
      for (const run of await runCase(one, { ...options, ...start })) {
        runs.push(run);
        options.onRun?.(run);
      }
    }
  };
  await Promise.all(Array.from({ length: options.concurrency }, () => work(shared)));
  await work(alone);
  return { runs, skipped, durationMs: Math.round(performance.now() - startedMs) };
}

/** Starts of one case lie apart, so that a bad minute of the machine does not hit them all. */
function planOf(cases: readonly Case[], { repeats, twinRepeats, seed }: SuiteOptions): Planned[] {
  const ordered = cases.toSorted((a, b) => TIERS.indexOf(a.tier) - TIERS.indexOf(b.tier));
  const twins = ordered.filter(({ hasTwin }) => hasTwin);
  const twinStarts = Math.ceil(twinRepeats / INVESTIGATIONS_PER_START);
  const rounds = Array.from({ length: Math.max(repeats, twinStarts) }, (_, round): readonly Planned[] => {
    const incidents = round < repeats ? ordered : [];
    const healthy = round < twinStarts ? twins : [];
    const investigations = Math.min(INVESTIGATIONS_PER_START, twinRepeats - round * INVESTIGATIONS_PER_START);
    return [
      ...incidents.map((one) => ({ one, variant: 'incident' as const, seed: seed + round })),
      ...healthy.map((one) => ({ one, variant: 'healthy' as const, seed: seed + round, investigations })),
    ];
  });
  return rounds.flat();
}
