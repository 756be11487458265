// The snapshot: the queues in figures. Of the recorder's memory alone, so it is as fast while main is blocked.
import type { JsonObject } from '@nodelens/core';
import { max } from '../statistics.ts';
import { round } from '../wording.ts';
import { bottlenecksOf } from './bottleneck.ts';
import { queuesBehindLoop } from './figures.ts';
import { hasCounts } from './flow.ts';
import { pressureOf } from './pressure.ts';
import type { Queues } from './queues.ts';

const MINUTE_MS = 60_000;

export function snapshotOf(queues: Queues): JsonObject {
  const pressure = pressureOf(queues);
  const { loop, threadpool, load, sockets } = pressure;
  const work = queues.work.last();
  const nowMs = queues.context.now();
  return {
    bottleneck: bottlenecksOf(pressure)[0]?.where ?? null,
    eventLoopUtilization10s: round(loop.utilization10s, 3),
    eventLoopDelayP99Ms: round(loop.delayP99Ms),
    loopSaturatedSeconds: loop.saturatedSeconds,
    queuesBehindLoop: queuesBehindLoop(queues).length,
    mainBlockedMs: loop.blockedMs,
    ...acceptFigures(queues),
    inFlight: load.now?.inFlight ?? 0,
    inFlightFrom20sAgo: load.trend?.from ?? null,
    inFlightGrowthPerMinute: load.trend === undefined ? null : round(load.trend.perMinute),
    inFlightGrowsSteadily: load.trend?.isSteady === true,
    growthReason: load.reason,
    arrivalsPerSecond10s: round(load.now?.arrivalsPerSecond ?? 0),
    completionsPerSecond10s: round(load.now?.completionsPerSecond ?? 0),
    requestStays10sMs: load.now?.staysMs === undefined ? null : round(load.now.staysMs),
    outgoingInFlight: load.outgoing?.inFlight ?? 0,
    outgoingNotSent: pressure.notSent,
    outgoingStays10sMs: load.outgoing?.staysMs === undefined ? null : round(load.outgoing.staysMs),
    threadpoolWaitMs: threadpool.waitMs === undefined ? null : round(threadpool.waitMs),
    threadpoolWaitMedian10sMs:
      threadpool.waitMedian10sMs === undefined ? null : round(threadpool.waitMedian10sMs),
    threadpoolSlowReadings10s: threadpool.slowReadings10s,
    threadpoolThreads: work?.threads ?? null,
    threadpoolFiles: work?.files ?? null,
    threadpoolLookups: work?.lookups ?? null,
    mainToldAgoMs: work === undefined ? null : nowMs - work.atMs,
    unreadBytes: sockets?.unreadBytes ?? null,
    socketsWithUnread: sockets?.socketsWithUnread ?? null,
    unsentBytes: sockets?.unsentBytes ?? null,
    socketsReadAgoMs: sockets === undefined ? null : nowMs - sockets.atMs,
    unavailable: unavailable(queues),
  };
}

function acceptFigures({ accept }: Queues): JsonObject {
  const queues = accept.queues() ?? [];
  const [fullest] = [...queues].sort((a, b) => b.waiting / b.limit - a.waiting / a.limit);
  return {
    listening: queues.length,
    acceptWaiting: queues.reduce((total, { waiting }) => total + waiting, 0),
    acceptFullest: fullest?.address ?? null,
    acceptFullestPercent: fullest === undefined ? 0 : round((100 * fullest.waiting) / fullest.limit),
    acceptHighest1mPercent: round(max(queues.map(({ highest1m, limit }) => (100 * highest1m) / limit))),
    acceptNearLimitMs: max(queues.map(({ nearLimitMs }) => nearLimitMs)),
    listenOverflows1m: accept.overflows(MINUTE_MS)?.overflows ?? null,
  };
}

/** What cannot be told, by name. */
function unavailable({ accept, requests, main, sockets, threadpool, work }: Queues): readonly string[] {
  const openSockets = sockets.last();
  return [
    'message ports: Node does not tell how many messages wait in a MessagePort or for a worker',
    'promises and timers: what waits in the app itself has no queue that can be seen',
    ...(accept.queues() === undefined ? ['accept queues: there is no /proc/net/tcp here'] : []),
    ...(openSockets?.isPartial === true ? ['sockets: too many to look at all of them'] : []),
    ...(hasCounts(requests)
      ? []
      : [`requests: ${requests.failure ?? 'nothing counts them on the main thread'}`]),
    ...(main.failure === undefined ? [] : [`threadpool callers: ${main.failure}`]),
    ...(threadpool.waitMs() === undefined ? ['threadpool wait: not measured yet'] : []),
    ...(work.last() === undefined ? ['threadpool by kind: main has not told yet'] : []),
  ];
}
