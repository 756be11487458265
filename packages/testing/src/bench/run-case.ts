// One start of one case: compose, start, drive, alert, investigate, score, clean up.
import type { Insight, InvestigationResult, Notification, Usage } from '@nodelens/core';
import { reasonOf } from '@nodelens/core';
import { type Service, startService } from '../faults/start-service.ts';
import type { Case } from './case.ts';
import { type Driver, startDriver } from './driver.ts';
import { type Investigation, investigate } from './investigate.ts';
import { type Found, namedAfterMs, type Score, scoreOf } from './score.ts';
import { composeWorkspace, type Workspace } from './workspace.ts';

export type Variant = 'incident' | 'healthy';

export interface RunOptions {
  readonly variant: Variant;
  readonly seed: number;
  /** How often the running service is investigated, one after the other; each is a run. Default 1. */
  readonly investigations?: number;
  /** URL of the module that attaches Nodelens. */
  readonly register: string;
  readonly skills?: readonly string[];
  /** Environment of the service besides the driver's: the model's key, for example. */
  readonly env?: Readonly<Record<string, string>>;
  /** Text of a nodelens.config.mjs for the service. */
  readonly config?: string;
  /** Only starts and drives it, until the alert. */
  readonly noInvestigation?: boolean;
  /** Leaves the folder of the service. */
  readonly keep?: boolean;
}

export interface CaseRun {
  readonly case: string;
  readonly variant: Variant;
  readonly seed: number;
  /** `failed`: the run itself went wrong, which says nothing about the model. */
  readonly status: InvestigationResult['status'] | 'not_investigated';
  readonly error?: string;
  readonly score: Score;
  /** From the alert until the last cause was named, in ms. */
  readonly namedAfterMs?: number;
  /** From the alert until the investigation was over, in ms. */
  readonly investigatedMs: number;
  /** Of a blocked case: whether a request sent at the alert was still unanswered when the cause was named. */
  readonly namedWhileBlocked?: boolean;
  /** Insights, and notifications above `info`: of a healthy twin each is a false alarm. */
  readonly alarms: readonly string[];
  readonly insights: readonly Insight[];
  readonly notifications: readonly Notification[];
  readonly usage?: Usage;
  /** How long the service was watched for this run, in ms: the first one of a start has the time before the alert. */
  readonly observedMs: number;
  /** What service and driver wrote to stderr, cut. */
  readonly output: string;
  /** Where the service ran, if it was kept. */
  readonly dir?: string;
}

const OUTPUT_CHARS = 4_000;
const NOTHING: Found = { insights: [], notifications: [] };

/** Never rejects: what goes wrong is part of a run. */
export async function runCase(one: Case, options: RunOptions): Promise<readonly CaseRun[]> {
  const isHealthy = options.variant === 'healthy';
  const parts: Parts = { startedMs: performance.now() };
  const runs: CaseRun[] = [];
  try {
    parts.workspace = await composeWorkspace(one, isHealthy, options.config);
    const { dir } = parts.workspace;
    parts.driver = await startDriver(one, { isHealthy, dir, seed: options.seed });
    parts.service = await startService(`${dir}/main.mjs`, {
      import: [options.register],
      execArgv: one.execArgv,
      cwd: dir,
      env: { PORT: '0', ...options.env, ...parts.driver.env },
    });
    const { url, port, pid } = parts.service;
    parts.startedMs = performance.now();
    parts.driver.drive({ url, port, pid });
    await alertOf(one, parts.driver, parts.service);
    if (options.noInvestigation) return [runOf(one, options, parts, { status: 'not_investigated' })];
    for (let turn = 0; turn < (options.investigations ?? 1); turn += 1) {
      const done = await investigate(parts.service, {
        reason: one.alert.text,
        timeoutMs: one.timeoutMs,
        isBlocked: one.isBlocked && !isHealthy,
        ...(options.skills && { skills: options.skills }),
      });
      runs.push(runOf(one, options, parts, { status: done.result.status, done }));
      parts.startedMs = performance.now();
    }
    return runs;
  } catch (error) {
    return [...runs, runOf(one, options, parts, { status: 'failed', error: reasonOf(error) })];
  } finally {
    await parts.service?.stop();
    await parts.driver?.end();
    if (!options.keep) await parts.workspace?.remove();
  }
}

interface Parts {
  workspace?: Workspace;
  driver?: Driver;
  service?: Service;
  startedMs: number;
}

interface Outcome {
  readonly status: CaseRun['status'];
  readonly error?: string;
  readonly done?: Investigation;
}

function runOf(one: Case, { variant, seed, keep }: RunOptions, parts: Parts, outcome: Outcome): CaseRun {
  const { driver, service, workspace } = parts;
  const { done } = outcome;
  const names = driver?.names ?? {};
  const found = done?.result ?? NOTHING;
  const after = done === undefined ? undefined : namedAfterMs(one, done.insights, names);
  const error = outcome.error ?? done?.result.error?.message;
  return {
    case: one.id,
    variant,
    seed,
    status: outcome.status,
    ...(error !== undefined && { error }),
    score: scoreOf(one, found, names),
    ...(after !== undefined && { namedAfterMs: Math.round(after) }),
    investigatedMs: Math.round(done?.durationMs ?? 0),
    ...(done?.freeAfterMs !== undefined && {
      namedWhileBlocked: after !== undefined && after < done.freeAfterMs,
    }),
    alarms: alarmsOf(found),
    insights: found.insights,
    notifications: found.notifications,
    ...(done && { usage: done.result.usage }),
    observedMs: Math.round(performance.now() - parts.startedMs),
    output: `${service?.stderr() ?? ''}${driver?.stderr() ?? ''}`.slice(-OUTPUT_CHARS),
    ...(keep && workspace && { dir: workspace.dir }),
  };
}

function alarmsOf({ insights, notifications }: Found): readonly string[] {
  const serious = notifications.filter(({ severity }) => severity !== 'info');
  return [
    ...insights.map(({ summary }) => `insight: ${summary}`),
    ...serious.map(({ type, observation }) => `${type}: ${observation}`),
  ].map((alarm) => alarm.slice(0, 300));
}

/** The driver raises it, or it is due; a service that dies on the way never raises one. */
async function alertOf({ alert, id }: Case, driver: Driver, service: Service): Promise<void> {
  const { promise: due, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, alert.afterMs);
  const died = service.exited.then(({ code, signal }) => {
    throw new Error(`the service of ${id} ended before the alert (${signal ?? `code ${code}`})`);
  });
  died.catch(() => undefined);
  try {
    await Promise.race([due, driver.alert, driver.failed, died]);
  } finally {
    clearTimeout(timer);
  }
}
