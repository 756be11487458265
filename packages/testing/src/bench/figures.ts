// The figures of a report, from its runs. Pure.
import type { Case, Tier } from './case.ts';
import type { CaseRun } from './run-case.ts';
import type { SuiteResult } from './suite.ts';

export interface TierFigures {
  readonly cases: number;
  readonly runs: number;
  readonly solved: number;
  /** Mean score of the runs, 0 to 1. */
  readonly score: number;
  /** Cases that were solved in each of their runs. */
  readonly alwaysSolved: number;
}

export interface Figures {
  readonly tiers: Readonly<Record<Tier, TierFigures>>;
  readonly writtenBefore: TierFigures;
  readonly writtenAfter: TierFigures;
  /** Of the cases written after the freeze: how their one first run went. */
  readonly firstContact: { readonly cases: number; readonly solved: number; readonly score: number };
  readonly medianNamedMs: number | undefined;
  readonly p90NamedMs: number | undefined;
  readonly blocked: { readonly runs: number; readonly namedWhileBlocked: number };
  readonly healthy: {
    readonly twins: number;
    readonly runs: number;
    readonly runsWithAlarms: number;
    readonly alarms: number;
    /** False alarms for each hour in which a healthy service was watched. */
    readonly alarmsPerHour: number;
  };
  readonly evidence: { readonly claims: number; readonly unsupported: number };
  readonly usage: {
    readonly calls: number;
    readonly inputTokens: number;
    readonly outputTokens: number;
    readonly costUsd: number;
  };
  /** Runs that went wrong by themselves. */
  readonly failed: number;
}

export function figuresOf({ runs }: SuiteResult, cases: readonly Case[]): Figures {
  const byId = new Map(cases.map((one) => [one.id, one]));
  const incidents = runs.filter(({ variant }) => variant === 'incident');
  const healthy = runs.filter(({ variant }) => variant === 'healthy');
  const of = (is: (one: Case) => boolean): TierFigures =>
    groupOf(incidents.filter((run) => is(byId.get(run.case) as Case)));
  const named = incidents
    .flatMap(({ namedAfterMs, score }) => (score.isSolved ? (namedAfterMs ?? []) : []))
    .toSorted((a, b) => a - b);
  const blocked = incidents.filter(({ namedWhileBlocked }) => namedWhileBlocked !== undefined);
  const alarms = healthy.reduce((sum, run) => sum + run.alarms.length, 0);
  const hours = healthy.reduce((sum, { observedMs }) => sum + observedMs, 0) / 3_600_000;
  return {
    tiers: {
      easy: of(({ tier }) => tier === 'easy'),
      medium: of(({ tier }) => tier === 'medium'),
      hard: of(({ tier }) => tier === 'hard'),
    },
    writtenBefore: of(({ written }) => written === 'before'),
    writtenAfter: of(({ written }) => written === 'after'),
    firstContact: firstContactOf(cases),
    medianNamedMs: quantile(named, 0.5),
    p90NamedMs: quantile(named, 0.9),
    blocked: {
      runs: blocked.length,
      namedWhileBlocked: blocked.filter(({ namedWhileBlocked }) => namedWhileBlocked).length,
    },
    healthy: {
      twins: new Set(healthy.map((run) => run.case)).size,
      runs: healthy.length,
      runsWithAlarms: healthy.filter((run) => run.alarms.length > 0).length,
      alarms,
      alarmsPerHour: hours === 0 ? 0 : alarms / hours,
    },
    evidence: {
      claims: runs.reduce((sum, { score }) => sum + score.evidence.claims, 0),
      unsupported: runs.reduce((sum, { score }) => sum + score.evidence.unsupported.length, 0),
    },
    usage: {
      calls: total(runs, 'calls'),
      inputTokens: total(runs, 'inputTokens'),
      outputTokens: total(runs, 'outputTokens'),
      costUsd: total(runs, 'costUsd'),
    },
    failed: runs.filter(({ status }) => status === 'failed').length,
  };
}

function groupOf(runs: readonly CaseRun[]): TierFigures {
  const ids = [...new Set(runs.map((run) => run.case))];
  const isAlways = (id: string): boolean =>
    runs.filter((run) => run.case === id).every(({ score }) => score.isSolved);
  return {
    cases: ids.length,
    runs: runs.length,
    solved: runs.filter(({ score }) => score.isSolved).length,
    score: runs.length === 0 ? 0 : runs.reduce((sum, { score }) => sum + score.score, 0) / runs.length,
    alwaysSolved: ids.filter(isAlways).length,
  };
}

function firstContactOf(cases: readonly Case[]): Figures['firstContact'] {
  const met = cases.flatMap(({ written, firstContact }) =>
    written === 'after' && firstContact !== undefined ? [firstContact] : [],
  );
  return {
    cases: met.length,
    solved: met.filter(({ isSolved }) => isSolved).length,
    score: met.length === 0 ? 0 : met.reduce((sum, { score }) => sum + score, 0) / met.length,
  };
}

const total = (
  runs: readonly CaseRun[],
  what: 'calls' | 'inputTokens' | 'outputTokens' | 'costUsd',
): number => runs.reduce((sum, { usage }) => sum + (usage?.[what] ?? 0), 0);

const quantile = (sorted: readonly number[], share: number): number | undefined =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
