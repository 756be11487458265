// What scripts may ask of the queues. All but what says so comes from the recorder's own memory.
import type { Callback, JsonObject } from '@nodelens/core';
import * as v from 'valibot';
import { max, mean } from '../statistics.ts';
import { round } from '../wording.ts';
import { bottlenecksOf } from './bottleneck.ts';
import { lookCallbacks } from './callbacks-look.ts';
import { riseOf } from './cascade.ts';
import { floorOf, lengthOf, loadFigures, queuesNow, trendOfQueue } from './figures.ts';
import type { Flow } from './flow.ts';
import { secondsUntil } from './growth.ts';
import { pressureOf } from './pressure.ts';
import type { Queue } from './queue-history.ts';
import type { Queues } from './queues.ts';

const MINUTE_MS = 60_000;
const BUCKETS = 20;
const LISTED = 40;

const minutes = v.optional(v.pipe(v.number(), v.minValue(0.2), v.maxValue(30)), 10);

type Callbacks = { readonly [name: string]: Callback };

export const overloadCallbacks = (queues: Queues): Callbacks => ({
  ...now(queues),
  ...past(queues),
  ...lookCallbacks(queues),
});

function now(queues: Queues): Callbacks {
  return {
    overload_queues: {
      description:
        'All queues, most filled first: queue (its name), layer, unit, length, limit and limitSource where there is one, filledPercent, growthPerMinute (median slope of the last 20 s, of 2 minutes for what is read less often), growsSteadily, nonEmptySeconds.',
      run: () =>
        queuesNow(queues)
          .map((queue) => describeQueue(queues, queue))
          .sort((a, b) => (b.filledPercent ?? 0) - (a.filledPercent ?? 0) || b.length - a.length)
          .slice(0, LISTED),
    },
    overload_bottleneck: {
      description:
        'Where work waits first, ranked: where (loop, threadpool, pool, outgoing, accept, receive), saturation (0 to 1), behind (the one that it only stands behind, or null), evidence with figures. Empty when nothing is near its end.',
      run: () => bottlenecksOf(pressureOf(queues)),
    },
    overload_forecast: {
      description:
        'Queues that grow steadily (nearly every later reading is higher) and have a limit or a double to reach, soonest first: queue, length, limit, growthPerMinute, secondsToLimit (null without a limit), secondsToDouble, basisSeconds. Linear: what grows in bursts is left out.',
      run: () =>
        queuesNow(queues)
          .flatMap((queue) => forecastOf(queues, queue) ?? [])
          .sort((a, b) => (a.secondsToLimit ?? a.secondsToDouble) - (b.secondsToLimit ?? b.secondsToDouble)),
    },
  };
}

interface QueueView {
  readonly queue: string;
  readonly layer: string;
  readonly unit: string;
  readonly length: number;
  readonly limit: number | null;
  readonly limitSource: string | null;
  readonly filledPercent: number | null;
  readonly growthPerMinute: number | null;
  readonly growsSteadily: boolean;
  readonly nonEmptySeconds: number;
}

function describeQueue(queues: Queues, queue: Queue): QueueView {
  const length = round(lengthOf(queues, queue.name) ?? 0);
  const trend = trendOfQueue(queues, queue);
  const { limit, limitSource, sinceMs } = queue;
  return {
    queue: queue.name,
    layer: queue.layer,
    unit: queue.unit,
    length,
    limit: limit ?? null,
    limitSource: limitSource ?? null,
    filledPercent: limit === undefined ? null : round((100 * length) / limit),
    growthPerMinute: trend === undefined ? null : round(trend.perMinute),
    growsSteadily: trend?.isSteady === true,
    nonEmptySeconds: sinceMs === undefined ? 0 : Math.round((queues.context.now() - sinceMs) / 1_000),
  };
}

interface Forecast {
  readonly queue: string;
  readonly unit: string;
  readonly length: number;
  readonly limit: number | null;
  readonly growthPerMinute: number;
  readonly secondsToLimit: number | null;
  readonly secondsToDouble: number;
  readonly basisSeconds: number;
}

function forecastOf(queues: Queues, queue: Queue): Forecast | undefined {
  const trend = trendOfQueue(queues, queue);
  const length = lengthOf(queues, queue.name) ?? 0;
  const doubled = secondsUntil(trend, length, 2 * length);
  if (trend === undefined || doubled === undefined || length < floorOf(queue)) return undefined;
  const toLimit = queue.limit === undefined ? undefined : secondsUntil(trend, length, queue.limit);
  return {
    queue: queue.name,
    unit: queue.unit,
    length: round(length),
    limit: queue.limit ?? null,
    growthPerMinute: round(trend.perMinute),
    secondsToLimit: toLimit === undefined ? null : Math.round(toLimit),
    secondsToDouble: Math.round(doubled),
    basisSeconds: Math.round(trend.windowSeconds),
  };
}

function past(queues: Queues): Callbacks {
  const { context, history, flow } = queues;
  return {
    overload_cascade: {
      description:
        'The queues that rose within the last minutes (default 10), the first to rise first: queue, roseAtMs, secondsAfterFirst, baseline, peak, length now, ongoing. To the second for the loop, the threadpool and requests; others are read every 5 s while main is busy. The order alone is no cause.',
      params: { minutes },
      run: (windowMinutes: number) => cascadeOf(queues, windowMinutes * MINUTE_MS),
    },
    overload_history: {
      description:
        'One queue (a name of overload_queues) over the last minutes (default 10) in up to 20 equal parts, newest first: agoSeconds, mean and highest length.',
      params: { queue: v.pipe(v.string(), v.maxLength(200)), minutes },
      run: (name: string, windowMinutes: number) => {
        const nowMs = context.now();
        const points = history.points(name, nowMs, windowMinutes * MINUTE_MS);
        const widthMs = Math.max(1_000, (windowMinutes * MINUTE_MS) / BUCKETS);
        const parts = Map.groupBy(points, ({ atMs }) => Math.floor((nowMs - atMs) / widthMs));
        return [...parts]
          .sort(([a], [b]) => a - b)
          .map(([part, some]) => ({
            agoSeconds: Math.round((part * widthMs) / 1_000),
            mean: round(mean(some.map(({ value }) => value))),
            highest: round(max(some.map(({ value }) => value))),
          }));
      },
    },
    overload_arrivals: {
      description:
        'Load of the last minutes (default 10) in up to 20 equal parts, newest first, for requests that main serves and for outgoing ones: arrivalsPerSecond, completionsPerSecond, inFlightMean, staysMs (Little: mean in flight by completions per second; null when none was completed). With reason, before and now: whether more arrive (arrivals-rose), fewer are completed or each stays longer (service-slowed), both, or unclear.',
      params: { minutes },
      run: (windowMinutes: number) => {
        const nowMs = context.now();
        const widthMs = Math.max(3_000, (windowMinutes * MINUTE_MS) / BUCKETS);
        const count = Math.ceil((windowMinutes * MINUTE_MS) / widthMs);
        const { reason, before, now, risingSinceMs } = loadFigures(queues);
        return {
          reason,
          before: describeFlow(before),
          now: describeFlow(now),
          risingSeconds: risingSinceMs === undefined ? null : Math.round((nowMs - risingSinceMs) / 1_000),
          parts: Array.from({ length: count }, (_, i) => ({
            agoSeconds: Math.round((i * widthMs) / 1_000),
            served: describeFlow(flow.between('server', nowMs - (i + 1) * widthMs, nowMs - i * widthMs)),
            outgoing: describeFlow(flow.between('client', nowMs - (i + 1) * widthMs, nowMs - i * widthMs)),
          })).filter(({ served }) => served !== null),
        };
      },
    },
  };
}

function cascadeOf(queues: Queues, windowMs: number): readonly object[] {
  const { context, history } = queues;
  const rises = queuesNow(queues)
    .flatMap((queue) => {
      const rise = riseOf(history.points(queue.name, context.now(), windowMs), floorOf(queue));
      return rise === undefined ? [] : [{ queue, rise }];
    })
    .sort((a, b) => a.rise.atMs - b.rise.atMs);
  return rises.map(({ queue: { name, layer, unit }, rise }) => ({
    queue: name,
    layer,
    unit,
    roseAtMs: rise.atMs,
    secondsAfterFirst: Math.round((rise.atMs - (rises[0]?.rise.atMs ?? 0)) / 1_000),
    baseline: round(rise.baseline),
    peak: round(rise.peak),
    length: round(rise.now),
    ongoing: rise.ongoing,
  }));
}

const describeFlow = (flow: Flow | undefined): JsonObject | null =>
  flow === undefined
    ? null
    : {
        seconds: round(flow.seconds),
        arrivalsPerSecond: round(flow.arrivalsPerSecond),
        completionsPerSecond: round(flow.completionsPerSecond),
        inFlightMean: round(flow.inFlightMean),
        inFlight: flow.inFlight,
        staysMs: flow.staysMs === undefined ? null : round(flow.staysMs),
      };
