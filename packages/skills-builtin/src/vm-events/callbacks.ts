// What scripts may ask of the flight recorder. All of it comes from the recorder's own memory; only what says so
// asks main.
import type { Callback, JsonObject, ProbeFeed, RecorderContext, VitalsSample } from '@nodelens/core';
import * as v from 'valibot';
import { burstsOf } from './bursts.ts';
import { describeEvent, EVENT_TYPES, isWithin, type VmEventType } from './event.ts';
import { countsOf, timelineOf } from './figures.ts';
import type { FlightLog } from './flight-log.ts';
import { largeRoutesOf, largestFirst, withoutFlood } from './large-requests.ts';
import { listenerGrowth } from './listeners.ts';
import { kindsOf } from './warnings.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const AROUND_LIMIT = 50;
const KINDS_LIMIT = 20;
const ROUTES_LIMIT = 20;

const seconds = (most: number) => v.pipe(v.number(), v.minValue(1), v.maxValue(most));
const limit = v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(50)), 20);

export interface Sources {
  readonly context: RecorderContext;
  /** Of the skill's own probe. */
  readonly feed: ProbeFeed;
  readonly log: FlightLog;
  readonly readHeapLimit: () => Promise<number | undefined>;
}

type Callbacks = { readonly [name: string]: Callback };

export const vmEventsCallbacks = (sources: Sources): Callbacks => ({
  ...lists(sources),
  ...figures(sources),
  ...largeRequests(sources),
  ...warnings(sources),
});

function lists({ context, log, readHeapLimit }: Sources): Callbacks {
  return {
    vm_events_recent: {
      description: `Events of the last windowSeconds (default 900), newest first: type (${EVENT_TYPES.join(', ')}; null for all), atMs, agoMs, durationMs and the facts of its type. Stalls carry culprit and stack, warnings the app's frame. Large requests get half of the places at most where there is more.`,
      params: {
        type: v.optional(v.nullable(v.picklist(EVENT_TYPES)), null),
        limit,
        windowSeconds: v.optional(seconds(3_600), 900),
      },
      run: async (type: VmEventType | null, count: number, windowSeconds: number) => {
        const events = log.since(windowSeconds * 1000, await readHeapLimit());
        const found =
          type === null
            ? withoutFlood(events, count)
            : events.filter((event) => event.type === type).slice(0, count);
        return found.map((event) => describeEvent(event, context.now()));
      },
    },
    vm_events_around: {
      description:
        'What happened around a moment (wall-clock ms), windowSeconds before and after it (default 15): events newest first with offsetMs from the moment (negative: before), and main as it was then (memory in MB, utilization, delay). For correlation.',
      params: {
        atMs: v.pipe(v.number(), v.minValue(0)),
        windowSeconds: v.optional(seconds(300), 15),
      },
      run: async (atMs: number, windowSeconds: number) => {
        const halfMs = windowSeconds * 1000;
        const reachMs = Math.min(HOUR_MS, Math.max(0, context.now() - atMs) + halfMs);
        const found = log
          .since(reachMs, await readHeapLimit())
          .filter((event) => isWithin(event, atMs - halfMs, atMs + halfMs));
        return {
          isRecorded: atMs >= context.startedAtMs && atMs <= context.now(),
          events: withoutFlood(found, AROUND_LIMIT, largestFirst).map((event) => ({
            offsetMs: event.atMs - atMs,
            ...describeEvent(event, context.now()),
          })),
          main: sampleAt(context.vitals.since(reachMs), atMs) ?? null,
        };
      },
    },
  };
}

/** The first sample that covers the moment. */
function sampleAt(newestFirst: readonly VitalsSample[], atMs: number): JsonObject | undefined {
  const sample = newestFirst.findLast((one) => one.atMs >= atMs) ?? newestFirst[0];
  return sample && { ...sample };
}

function figures({ context, log, readHeapLimit }: Sources): Callbacks {
  return {
    vm_events_counts: {
      description:
        'Events by type: how many began in the last 1, 5 and 15 minutes, per minute, and how long ago the newest; bursts of long collections in the last 15 minutes (three or more, 20 s apart at most).',
      run: async () => {
        const now = context.now();
        const events = log.since(15 * MINUTE_MS, await readHeapLimit());
        return {
          recordedSeconds: Math.round((now - context.startedAtMs) / 1000),
          byType: countsOf(events, now, now - context.startedAtMs),
          gcBursts: burstsOf(events).map((burst) => ({ ...burst, endedAgoMs: now - burst.endedAtMs })),
        };
      },
    },
    vm_events_timeline: {
      description:
        'The last windowSeconds (default 300) in up to 20 equal parts, newest first: counts by type, longest pause in ms, mean loop utilization, highest heap and rss in MB.',
      params: { windowSeconds: v.optional(v.pipe(v.number(), v.minValue(10), v.maxValue(3_600)), 300) },
      run: async (windowSeconds: number) => {
        const windowMs = windowSeconds * 1000;
        return timelineOf({
          events: log.since(windowMs, await readHeapLimit()),
          samples: context.vitals.since(windowMs),
          nowMs: context.now(),
          windowMs,
        });
      },
    },
  };
}

function largeRequests({ context, log }: Sources): Callbacks {
  return {
    vm_events_large_requests: {
      description:
        'Large requests (1 MB and more in or out) of the last windowSeconds (default 900) by route: count, the largest request and response in bytes, longestMs, newestAgoMs, and withLead: beside how many there was a stall, a long collection or a jump of memory, until 2 s after. Most of those first. Time alone is no cause: see vm_events_around.',
      params: { windowSeconds: v.optional(seconds(3_600), 900) },
      run: (windowSeconds: number) =>
        largeRoutesOf(log.since(windowSeconds * 1000, undefined), context.now()).slice(0, ROUTES_LIMIT),
    },
  };
}

function warnings({ context, feed, log }: Sources): Callbacks {
  return {
    vm_events_warning_kinds: {
      description:
        "Process warnings of the last windowSeconds (default 300) by kind, most frequent first: name, code, newest message, the app's frame (function, file, line), count, perMinute, newestAgoMs.",
      params: { windowSeconds: v.optional(seconds(3_600), 300) },
      run: (windowSeconds: number) => {
        const now = context.now();
        const recent = log.warnings.all().filter(({ atMs }) => atMs >= now - windowSeconds * 1000);
        return kindsOf(recent)
          .slice(0, KINDS_LIMIT)
          .map(({ firstAtMs: _, lastAtMs, ...kind }) => ({
            ...kind,
            perMinute: Math.round((kind.count * 600) / windowSeconds) / 10,
            newestAgoMs: now - lastAtMs,
          }));
      },
    },
    vm_events_listener_growth: {
      description:
        "Of the emitters that Node warned about for too many listeners, newest first: event, emitter class, the app's frame that added, listeners at the warning and now, risen, risenPerMinute. Growing on is a leak; staying is a low limit. Asks main: under 1 ms.",
      run: () => listenerGrowth(feed, context.now(), log.warnings.ofListeners()),
    },
  };
}
