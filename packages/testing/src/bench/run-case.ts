// One run of one case: compose, start, drive, alert, investigate, score, clean up.
import type { Insight, InvestigationResult, Notification, Usage } from '@nodelens/core';
import { reasonOf } from '@nodelens/core';
import { type Service, startService } from '../faults/start-service.ts';
import type { Case } from './case.ts';
import { type Driver, startDriver } from './driver.ts';
import { type Investigation, investigate } from './investigate.ts';
import { namedAfterMs, type Score, scoreOf } from './score.ts';
import { composeWorkspace, type Workspace } from './workspace.ts';

export type Variant = 'incident' | 'healthy';

export interface RunOptions {
  readonly variant: Variant;
  readonly seed: number;
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
  /** From the first request to the end, in ms. */
  readonly observedMs: number;
  /** What service and driver wrote to stderr, cut. */
  readonly output: string;
  /** Where the service ran, if it was kept. */
  readonly dir?: string;
}

const OUTPUT_CHARS = 4_000;
const NOTHING: Pick<InvestigationResult, 'insights' | 'notifications'> = { insights: [], notifications: [] };

/** Never rejects: what goes wrong is part of the run. */
export async function runCase(one: Case, options: RunOptions): Promise<CaseRun> {
  const isHealthy = options.variant === 'healthy';
  let workspace: Workspace | undefined;
  let driver: Driver | undefined;
  let service: Service | undefined;
  let startedMs = performance.now();
  try {
    workspace = await composeWorkspace(one, isHealthy, options.config);
    driver = await startDriver(one, { isHealthy, dir: workspace.dir, seed: options.seed });
    service = await startService(`${workspace.dir}/main.mjs`, {
      import: [options.register],
      execArgv: one.execArgv,
      cwd: workspace.dir,
      env: { PORT: '0', ...options.env, ...driver.env },
    });
    startedMs = performance.now();
    driver.drive({ url: service.url, port: service.port, pid: service.pid });
    await alertOf(one, driver, service);
    if (options.noInvestigation)
      return runOf(one, options, { driver, service, startedMs, workspace, status: 'not_investigated' });
    const done = await investigate(service, {
      reason: one.alert.text,
      timeoutMs: one.timeoutMs,
      isBlocked: one.isBlocked && !isHealthy,
      ...(options.skills && { skills: options.skills }),
    });
    return runOf(one, options, { driver, service, startedMs, workspace, done, status: done.result.status });
  } catch (error) {
    return runOf(one, options, {
      driver,
      service,
      startedMs,
      workspace,
      status: 'failed',
      error: reasonOf(error),
    });
  } finally {
    await service?.stop();
    await driver?.end();
    if (!options.keep) await workspace?.remove();
  }
}

interface Parts {
  readonly driver: Driver | undefined;
  readonly service: Service | undefined;
  readonly workspace: Workspace | undefined;
  readonly startedMs: number;
  readonly status: CaseRun['status'];
  readonly error?: string;
  readonly done?: Investigation;
}

function runOf(one: Case, { variant, seed, keep }: RunOptions, parts: Parts): CaseRun {
  const { done, driver, service, workspace } = parts;
  const names = driver?.names ?? {};
  const found = done?.result ?? NOTHING;
  const after = done === undefined ? undefined : namedAfterMs(one, done.insights, names);
  const error = parts.error ?? done?.result.error?.message;
  return {
    case: one.id,
    variant,
    seed,
    status: parts.status,
    ...(error !== undefined && { error }),
    score: scoreOf(one, found as InvestigationResult, names),
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

function alarmsOf({ insights, notifications }: Pick<InvestigationResult, 'insights' | 'notifications'>) {
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
