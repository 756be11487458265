// The flat state of supervision now. From the recorder's memory and /proc (1 to 2 ms); main is not asked.
import type { JsonObject } from '@nodelens/core';
import { balanceOf } from './balance.ts';
import { appChildren, livesByPid } from './child-list.ts';
import { crashLoopsOf, SLOW_MS } from './crash-loops.ts';
import { MAX_CHILDREN } from './kernel.ts';
import type { Life } from './life.ts';
import { pileUpsOf } from './pile-up.ts';
import { isFailure, isOutOfMemory } from './reason.ts';
import type { Sources } from './sources.ts';
import type { Reading } from './watch.ts';

const MINUTE_MS = 60_000;
/** So long a thread must have been busy to be told as the busiest. */
const HOT_MS = 15_000;

export function snapshotOf(sources: Sources): JsonObject {
  const { lives, watch, context } = sources;
  const reading = watch.now();
  lives.forget(hasGone(sources, reading));
  const nowMs = context.now();
  const alive = lives.alive();
  const ended = lives.ended();
  const all = [...alive, ...ended];
  const within = (minutes: number): readonly Life[] =>
    ended.filter(({ endedAtMs = 0 }) => endedAtMs >= nowMs - minutes * MINUTE_MS);
  const failed = within(5).filter(isFailure);
  const failedOf = (isThread: boolean): number =>
    failed.filter(({ kind }) => (kind === 'worker') === isThread).length;
  const aliveOf = (kind: Life['kind']): number => alive.filter((life) => life.kind === kind).length;
  const loops = crashLoopsOf(all, nowMs, SLOW_MS).filter(({ isLooping }) => isLooping);
  const growing = pileUpsOf(all, nowMs).find(({ isGrowing }) => isGrowing);
  return {
    workersAlive: aliveOf('worker'),
    clusterWorkersAlive: aliveOf('cluster'),
    startedWorkers1m: startedIn(all, nowMs, true),
    startedChildren1m: startedIn(all, nowMs, false),
    workersFailed5m: failedOf(true),
    childrenFailed5m: failedOf(false),
    workersOutOfMemory15m: within(15).filter(isOutOfMemory).length,
    crashLoops: loops.length,
    crashLoop: loops[0]?.name ?? null,
    crashLoopRestartsPerMinute: loops[0]?.restartsPerMinute ?? 0,
    pileUp: growing?.name ?? null,
    pileUpAlive: growing?.alive ?? 0,
    ...kernelFigures(sources, reading),
    ...ownFigures(sources),
    unavailable: unavailable(sources),
  };
}

const startedIn = (lives: readonly Life[], nowMs: number, isThread: boolean): number =>
  lives.filter(
    ({ kind, startedAtMs }) => (kind === 'worker') === isThread && startedAtMs >= nowMs - MINUTE_MS,
  ).length;

/** A child whose process is gone has ended without main telling: its event was lost. */
function hasGone({ watch, context }: Sources, { children }: Reading): (life: Life) => boolean {
  if (!watch.kernel.isThere || children.size >= MAX_CHILDREN) return () => false;
  return ({ pid, startedAtMs }) =>
    pid !== undefined && !children.has(pid) && context.now() - startedAtMs > MINUTE_MS;
}

function kernelFigures(sources: Sources, now: Reading): JsonObject {
  const { watch, lives, silent } = sources;
  const [mostSilent] = silent.now();
  const zombies = watch.zombies(now);
  const [hottest] = watch.threadRates(now, HOT_MS);
  const { workers, maxPercent, othersPercent, busiestFirst } = balanceOf(sources, now);
  return {
    childrenAlive: appChildren(watch, now, livesByPid(lives.alive())).filter(({ state }) => state !== 'Z')
      .length,
    zombies: zombies.length,
    oldestZombieMs: zombies[0]?.seenForMs ?? 0,
    hottestThread: hottest?.name ?? null,
    hottestThreadPercent: hottest?.wantedPercent ?? 0,
    silentThread: mostSilent?.name ?? null,
    silentThreadMs: mostSilent?.forMs ?? 0,
    clusterWorkersMeasured: workers,
    clusterMaxCpuPercent: maxPercent,
    clusterOthersCpuPercent: othersPercent,
    clusterMaxWantedPercent: busiestFirst[0]?.mainWantedPercent ?? 0,
  };
}

function ownFigures({ lives, context }: Sources): JsonObject {
  const from = context.now() - 15 * MINUTE_MS;
  const count = (what: string): number =>
    lives.own().filter((event) => event.what === what && event.atMs >= from).length;
  return {
    nodelensOperatorsFailed15m: count('operator.failed'),
    nodelensOperatorsRestarted15m: count('operator.restarted'),
    nodelensRecorderRestarted15m: count('recorder.restarted'),
  };
}

/** What cannot be told, by name. */
function unavailable({ feed, watch }: Sources): readonly string[] {
  const { failure, dropped } = feed;
  return [
    ...(failure === undefined ? [] : [`workers: ${failure}`]),
    ...(dropped === 0 ? [] : [`workers: ${dropped} events were too many in a second and are not known`]),
    ...(watch.kernel.isThere
      ? []
      : [
          'children, zombies, threads, cluster-balance: there is no /proc here, only what main starts is known',
        ]),
  ];
}
