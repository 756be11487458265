// What scripts may ask about errors. Everything is read from the recorder's memory, also while main is blocked.
import type { Callback, JsonObject } from '@nodelens/core';
import * as v from 'valibot';
import { sum } from '../statistics.ts';
import { KINDS, type Kind } from './counters.ts';
import {
  type Counted,
  errorFigures,
  fingerprintFigures,
  frequent,
  MINUTE_MS,
  peerFigures,
  perMinute,
  placeFigures,
  rateHistory,
  type View,
} from './figures.ts';
import { peersOf } from './peers.ts';

const MAX_FRAMES = 20;
const MAX_TYPES = 30;

const limit = v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(50)), 20);
const minutes = v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(15)), 5);
const kind = v.optional(v.nullable(v.picklist(KINDS)), null);
const text = v.pipe(v.string(), v.minLength(1), v.maxLength(200));

type Callbacks = { readonly [name: string]: Callback };

export const exceptionsCallbacks = (view: () => View): Callbacks => ({
  ...singles(view),
  ...groups(view),
  ...rates(view),
});

const singles = (view: () => View): Callbacks => ({
  exceptions_recent: {
    description: `The newest errors (of the newest 500): atMs, agoMs, fingerprint, kind (${KINDS.join(', ')}; null for all), source, type, code, message, place (function, file, line of the app), peer, operation, causes, errors of an AggregateError.`,
    params: { limit, kind },
    run: (count: number, only: Kind | null) => {
      const now = view();
      return now.store
        .recent()
        .filter(({ occurrence }) => only === null || occurrence.kind === only)
        .slice(0, count)
        .map((kept) => errorFigures(kept, now));
    },
  },
  exceptions_search: {
    description:
      'The newest errors (of the newest 500) whose type, code or message contains a text (upper and lower case are the same); fields as of exceptions_recent.',
    params: { text, limit },
    run: (wanted: string, count: number) => {
      const now = view();
      const needle = wanted.toLowerCase();
      return now.store
        .recent()
        .filter(({ occurrence: { type, code, message } }) =>
          `${type} ${code} ${message}`.toLowerCase().includes(needle),
        )
        .slice(0, count)
        .map((kept) => errorFigures(kept, now));
    },
  },
  exceptions_stack: {
    description:
      "One fingerprint with the stack of its newest error: frames innermost first (function, file, line in the source; Node's own left out), isOfApp, message, causes, errors; null when it is not known.",
    params: { fingerprint: v.pipe(v.string(), v.maxLength(20)) },
    run: async (id: string) => {
      const now = view();
      const known = now.store.fingerprints.find(id);
      return known === undefined ? null : stackFigures(known, now);
    },
  },
});

async function stackFigures(fingerprint: Counted['fingerprint'], now: View): Promise<JsonObject> {
  const { example, count } = fingerprint;
  const frames = await Promise.all(
    example.frames.slice(0, MAX_FRAMES).map(async (frame) => ({
      ...placeFigures(await now.places.locate(frame)),
      isOfApp: !/[\\/]node_modules[\\/]/.test(frame.file),
    })),
  );
  return {
    ...fingerprintFigures({ fingerprint, inWindow: count }, now, Number.POSITIVE_INFINITY),
    message: example.message,
    frames,
    causes: example.causes,
    errors: example.errors,
  };
}

const groups = (view: () => View): Callbacks => ({
  exceptions_top: {
    description:
      'Errors by fingerprint (type, message without what varies, frames of the app), most frequent in the last minutes (1 to 15) first: fields as of exceptions_recent, countInWindow, perMinute, countTotal, firstSeenAgoMs, lastSeenAgoMs, runCount and runMs (coming without a break of 15 s), usualPerMinute (of the minutes before the last one), shareOfRequests (of the last minute, 0 to 1), isNew, isBurst, isExpected (AbortError, request.destroy(), status 4xx).',
    params: { minutes, kind, limit },
    run: (last: number, only: Kind | null, count: number) => {
      const now = view();
      return frequent(now, last * MINUTE_MS, only)
        .slice(0, count)
        .map((counted) => fingerprintFigures(counted, now, last * MINUTE_MS));
    },
  },
  exceptions_new_since: {
    description:
      'The fingerprints that were seen for the first time after a moment (wall-clock ms), newest first; fields as of exceptions_top over 15 minutes. All are new in a process that has just started.',
    params: { atMs: v.pipe(v.number(), v.minValue(0)), limit },
    run: (atMs: number, count: number) => {
      const now = view();
      return frequent(now, 15 * MINUTE_MS, null)
        .filter(({ fingerprint }) => fingerprint.firstSeenMs > atMs)
        .sort((a, b) => b.fingerprint.firstSeenMs - a.fingerprint.firstSeenMs)
        .slice(0, count)
        .map((counted) => fingerprintFigures(counted, now, 15 * MINUTE_MS));
    },
  },
  exceptions_by_type: {
    description:
      'Errors of the last minutes (1 to 15) by type, most frequent first: type, codes, count, perMinute, kinds, fingerprints (how many).',
    params: { minutes },
    run: (last: number) => byType(view(), last * MINUTE_MS),
  },
  exceptions_by_place: {
    description:
      "Errors of the last minutes (1 to 15) by the app's innermost function, most frequent first: place (null where no code of the app is in the stack), count, perMinute, types.",
    params: { minutes, limit },
    run: (last: number, count: number) => byPlace(view(), last * MINUTE_MS).slice(0, count),
  },
});

function byType(view: View, windowMs: number): readonly JsonObject[] {
  return [...Map.groupBy(frequent(view, windowMs, null), ({ fingerprint }) => fingerprint.example.type)]
    .map(([type, group]) => ({
      type,
      codes: distinct(group.map(({ fingerprint }) => fingerprint.example.code)),
      kinds: distinct(group.map(({ fingerprint }) => fingerprint.example.kind)),
      fingerprints: group.length,
      ...countFigures(group, windowMs, view),
    }))
    .sort((a, b) => b.count - a.count)
    .slice(0, MAX_TYPES);
}

function byPlace(view: View, windowMs: number): readonly JsonObject[] {
  const places = frequent(view, windowMs, null).map((counted) => ({
    counted,
    place: placeFigures(view.places.of(counted.fingerprint)),
  }));
  return [...Map.groupBy(places, ({ place }) => JSON.stringify(place)).values()]
    .map((group) => ({
      place: group[0]?.place ?? null,
      types: distinct(group.map(({ counted }) => counted.fingerprint.example.type)),
      ...countFigures(
        group.map(({ counted }) => counted),
        windowMs,
        view,
      ),
    }))
    .sort((a, b) => b.count - a.count);
}

function countFigures(group: readonly Counted[], windowMs: number, { times }: View) {
  const count = sum(group.map(({ inWindow }) => inWindow));
  return { count, perMinute: perMinute(count, windowMs, times) };
}

const distinct = (texts: readonly string[]): readonly string[] =>
  [...new Set(texts)].filter((one) => one !== '').slice(0, 10);

const rates = (view: () => View): Callbacks => ({
  exceptions_rate_history: {
    description:
      'Errors in each of the last minutes (1 to 15, default 15), newest first: minutesAgo, and how many of each kind.',
    params: { minutes: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(15)), 15) },
    run: (last: number) => rateHistory(view(), last),
  },
  exceptions_peers: {
    description:
      'Who could not be reached in the last minutes (1 to 15), most errors first: peer (host:port), errors, perMinute, codes (count by code), operations, place, runMs (failing without a break of 15 s), lastSeenAgoMs, isFailing (at the moment, for longer than a restart takes), fingerprints.',
    params: { minutes, limit },
    run: (last: number, count: number) => {
      const now = view();
      const windowMs = last * MINUTE_MS;
      return peersOf(now.store.fingerprints.all(), { windowMs, nowMs: now.times.nowMs })
        .slice(0, count)
        .map((found) => peerFigures(found, now, windowMs));
    },
  },
});
