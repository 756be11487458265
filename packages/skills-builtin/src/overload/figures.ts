// The figures of the moment, drawn from the histories: what the snapshot, the callbacks and the checks share.
import { max, mean, median } from '../statistics.ts';
import { riseOf } from './cascade.ts';
import { type Flow, type Reason, reasonOfGrowth } from './flow.ts';
import { type Point, type Trend, trendOf } from './growth.ts';
import type { Layer, Queue, QueueHistory } from './queue-history.ts';
import { IN_FLIGHT, LOOP, THREADPOOL } from './queue-names.ts';
import type { Queues } from './queues.ts';

const MINUTE_MS = 60_000;
/** A growth is looked for in the shortest of these in which there is one: what was long before it is not what it grew from. */
const RISE_WINDOWS_MS = [MINUTE_MS, 4 * MINUTE_MS, 30 * MINUTE_MS];
/** In flight and the loop are judged over the last seconds; queues that are read less often over two minutes. */
export const GROWTH_MS = 20_000;
const SLOW_GROWTH_MS = 2 * MINUTE_MS;
/** Read every second while main is busy. */
const EACH_SECOND: ReadonlySet<Layer> = new Set(['loop', 'accept', 'in-flight', 'outgoing']);
const BEFORE_MS = 2 * MINUTE_MS;
const NOW_MS = 10_000;
/** Half as many again within the window. */
const RISEN_FACTOR = 1.5;

/** What a queue may hold without being a queue worth a word, by layer. */
export const FLOORS: { readonly [layer in Layer]: number } = {
  loop: 100,
  accept: 10,
  receive: 262_144,
  send: 1_048_576,
  'in-flight': 20,
  outgoing: 20,
  pool: 10,
  threadpool: 50,
};

/** The floor of a queue; an accept queue that is smaller than most is full sooner. */
export const floorOf = ({ layer, limit }: Pick<Queue, 'layer' | 'limit'>): number =>
  limit === undefined ? FLOORS[layer] : Math.min(FLOORS[layer], Math.max(1, 0.5 * limit));

export const queuesNow = ({ history, context }: Pick<Queues, 'history' | 'context'>): readonly Queue[] =>
  history.queues(context.now(), 2 * MINUTE_MS);

export function lengthOf({ history, context }: Queues, name: string): number | undefined {
  return history.points(name, context.now(), 2 * MINUTE_MS).at(-1)?.value;
}

export function trendOfQueue({ history, context }: Queues, { name, layer }: Queue): Trend | undefined {
  return trendOf(history.points(name, context.now(), EACH_SECOND.has(layer) ? GROWTH_MS : SLOW_GROWTH_MS));
}

export interface LoopFigures {
  readonly utilization10s: number;
  readonly delayP99Ms: number;
  /** Seconds up to now in which the loop had no idle time. */
  readonly saturatedSeconds: number;
  /** Of the stall that is going on. */
  readonly blockedMs: number;
}

/** clinic doctor calls a median of 95 % an issue. */
const SATURATED = 0.95;
/** A loop whose thread waits for a CPU seems idle for some of that: a second below 95 % does not end it, one below this does. */
const NOT_SATURATED = 0.8;

export function loopFigures({ context, history }: Queues): LoopFigures {
  const samples = context.vitals.since(MINUTE_MS);
  const utilizations = samples.map(({ eventLoopUtilization }) => eventLoopUtilization);
  const calm = utilizations.findIndex((utilization) => utilization < NOT_SATURATED);
  const busy = calm === -1 ? utilizations : utilizations.slice(0, calm);
  return {
    utilization10s: mean(utilizations.slice(0, NOW_MS / 1_000)),
    delayP99Ms: median(history.points(LOOP.name, context.now(), NOW_MS).map(({ value }) => value)),
    saturatedSeconds: busy.length > 0 && median(busy) >= SATURATED ? busy.length : 0,
    blockedMs: Math.round(context.currentStall()?.durationMs ?? 0),
  };
}

export interface ThreadpoolFigures {
  readonly waitMs: number | undefined;
  readonly waitMedian10sMs: number | undefined;
  readonly waitHighest1mMs: number;
  /** Of the last ten readings, a second apart, those that waited 100 ms or more. */
  readonly slowReadings10s: number;
}

/** A task that needs 0.1 ms and waits a thousand times as long. */
export const SLOW_WAIT_MS = 100;

export function threadpoolFigures({ context, history, threadpool }: Queues): ThreadpoolFigures {
  const waitsOf = (windowMs: number): readonly number[] =>
    history.points(THREADPOOL.name, context.now(), windowMs).map(({ value }) => value);
  const recent = waitsOf(NOW_MS).slice(-NOW_MS / 1_000);
  return {
    waitMs: threadpool.waitMs(),
    waitMedian10sMs: recent.length === 0 ? undefined : median(recent),
    waitHighest1mMs: max(waitsOf(MINUTE_MS)),
    slowReadings10s: recent.filter((wait) => wait >= SLOW_WAIT_MS).length,
  };
}

export interface LoadFigures {
  readonly now: Flow | undefined;
  readonly outgoing: Flow | undefined;
  readonly trend: Trend | undefined;
  readonly outgoingTrend: Trend | undefined;
  /** Before what is in flight began to rise; or else the two minutes before the last twenty seconds. */
  readonly before: Flow | undefined;
  readonly outgoingBefore: Flow | undefined;
  /** When it began to rise (wall-clock ms). */
  readonly risingSinceMs: number | undefined;
  /** The end of the time that the present is compared with (wall-clock ms). */
  readonly calmUntilMs: number;
  readonly reason: Reason;
}

export function loadFigures({ context, flow, history }: Queues): LoadFigures {
  const nowMs = context.now();
  const risingSinceMs = risingSince(history, nowMs);
  // The rise has begun a little before it stood out.
  const calmUntilMs = (risingSinceMs ?? nowMs - GROWTH_MS) - 2_000;
  const before = flow.between('server', calmUntilMs - BEFORE_MS, calmUntilMs);
  const now = flow.between('server', nowMs - NOW_MS, nowMs);
  return {
    now,
    outgoing: flow.between('client', nowMs - NOW_MS, nowMs),
    trend: trendOf(flow.inFlight('server', nowMs - GROWTH_MS)),
    outgoingTrend: trendOf(flow.inFlight('client', nowMs - GROWTH_MS)),
    before,
    outgoingBefore: flow.between('client', calmUntilMs - BEFORE_MS, calmUntilMs),
    risingSinceMs,
    calmUntilMs,
    reason: reasonOfGrowth(before, now),
  };
}

function risingSince(history: QueueHistory, nowMs: number): number | undefined {
  for (const windowMs of RISE_WINDOWS_MS) {
    const rise = riseOf(history.points(IN_FLIGHT.name, nowMs, windowMs), FLOORS['in-flight']);
    if (rise?.ongoing === true) return rise.atMs;
  }
  return undefined;
}

export interface QueueBehindLoop {
  readonly name: string;
  readonly length: number;
  readonly perMinute: number;
  /** Of one that cannot grow, for it is full. */
  readonly limit?: number;
}

/** So long near its limit an accept queue is full, not hit by a burst. */
const FULL_MS = 2_500;

/** What waits for main in steadily growing number, or as many as can. */
export function queuesBehindLoop(queues: Queues): readonly QueueBehindLoop[] {
  const points = waitingForMain(queues);
  const [trend, length] = [trendOf(points), points.at(-1)?.value ?? 0];
  const isLong = length >= FLOORS['in-flight'] && length >= RISEN_FACTOR * (trend?.from ?? length);
  const growing =
    trend?.isSteady === true && isLong
      ? [{ name: 'requests in flight and connections to accept', length, perMinute: trend.perMinute }]
      : [];
  return [...growing, ...fullAcceptQueues(queues)];
}

const fullAcceptQueues = ({ accept }: Queues): readonly QueueBehindLoop[] =>
  (accept.queues() ?? [])
    .filter(({ nearLimitMs }) => nearLimitMs >= FULL_MS)
    .map(({ address, waiting, limit }) => ({
      name: `accept ${address}`,
      length: waiting,
      perMinute: 0,
      limit,
    }));

/**
 * A full loop takes a crowd in at once, then answers it one by one while the next crowd waits to be accepted. So either
 * count goes up and down; their sum is what has come and is not answered.
 */
function waitingForMain({ history, context }: Queues): readonly Point[] {
  const nowMs = context.now();
  const pointsOf = (name: string): readonly Point[] => history.points(name, nowMs, GROWTH_MS);
  const sums = new Map(pointsOf(IN_FLIGHT.name).map(({ atMs, value }) => [atMs, value]));
  for (const { name, layer } of queuesNow({ history, context }))
    if (layer === 'accept')
      for (const { atMs, value } of pointsOf(name)) sums.set(atMs, (sums.get(atMs) ?? 0) + value);
  return [...sums].sort(([a], [b]) => a - b).map(([atMs, value]) => ({ atMs, value }));
}
