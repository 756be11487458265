// The skill `exceptions` on the recorder thread: keeps what its probe tells of errors, counts, and compares.
import type { JsonObject, ProbeFeed, RecorderContext, Skill } from '@nodelens/core';
import { slot as requestSlot } from '../requests/slots.ts';
import { sum } from '../statistics.ts';
import { exceptionsCallbacks } from './callbacks.ts';
import { KINDS, type Kind, SPANS, slot } from './counters.ts';
import { createErrorStore } from './error-store.ts';
import { frequent, MINUTE_MS, perMinute, type View, whereText } from './figures.ts';
import { exceptionsChecks, exceptionsKeywords, exceptionsPrompt } from './knowledge.ts';
import { peersOf } from './peers.ts';
import { createPlaces } from './places.ts';
import { createRequestCount } from './request-count.ts';
import { isBurst, isNew } from './suspicions.ts';

export function createExceptionsSkill(
  context: RecorderContext,
  _options: JsonObject,
  feed: ProbeFeed,
  requestFeed?: ProbeFeed,
): Skill {
  const places = createPlaces(context);
  const started = (): number => requestFeed?.numbers[requestSlot.serverStarted] ?? 0;
  const store = createErrorStore(started, (fingerprint) => places.learn(fingerprint));
  const requests1m = createRequestCount(started, context);
  feed.onEvent((event) => store.add(event));
  const view = (): View => ({
    store,
    places,
    times: {
      nowMs: context.now(),
      startedAtMs: context.startedAtMs,
      requests: started(),
      requests1m: requests1m(),
    },
  });
  return {
    id: 'exceptions',
    title: 'Errors',
    description:
      'What the app throws: uncaught exceptions, unhandled rejections, handled errors that Node, libraries or spans tell of; by fingerprint, type, place and peer, with rates and stacks',
    systemPrompt: exceptionsPrompt,
    keywords: exceptionsKeywords,
    snapshot: () => snapshotOf(view(), feed, requestFeed),
    callbacks: exceptionsCallbacks(view),
    checks: exceptionsChecks,
  };
}

function snapshotOf(view: View, feed: ProbeFeed, requestFeed: ProbeFeed | undefined): JsonObject {
  const { store, times } = view;
  const counts = (minutes: number): JsonObject =>
    Object.fromEntries(
      KINDS.map((kind) => [`${kind}${minutes}m`, store.count(kind, minutes * MINUTE_MS, times.nowMs)]),
    );
  const all = store.fingerprints.all();
  return {
    ...counts(1),
    ...counts(5),
    ...counts(15),
    errorsPerMinute5m: perMinute(
      sum(KINDS.map((kind) => store.count(kind, 5 * MINUTE_MS, times.nowMs))),
      5 * MINUTE_MS,
      times,
    ),
    ...totals(feed),
    fingerprints: all.length,
    newFingerprints5m: all.filter(({ firstSeenMs }) => firstSeenMs >= times.nowMs - 5 * MINUTE_MS).length,
    ...newest(view),
    ...suspects(view),
    spans: SPANS[feed.numbers[slot.spans] ?? 0] ?? 'absent',
    unavailable: [
      ...unavailable(feed),
      ...(requestFeed?.failure === undefined ? [] : [`share of requests: ${requestFeed.failure}`]),
    ],
  };
}

const totals = ({ numbers }: ProbeFeed): JsonObject => ({
  uncaughtTotal: numbers[slot.uncaught] ?? 0,
  rejectionTotal: numbers[slot.rejection] ?? 0,
  handledTotal: numbers[slot.handled] ?? 0,
  untoldTotal: numbers[slot.untold] ?? 0,
});

function newest({ store, places, times }: View): JsonObject {
  const [last] = store.recent();
  if (last === undefined) return { newestType: null, newestKind: null, newestPlace: null, newestAgoMs: null };
  const known = store.fingerprints.find(last.fingerprint);
  return {
    newestType: last.occurrence.type,
    newestKind: last.occurrence.kind,
    newestPlace: known === undefined ? null : whereText(known, places),
    newestAgoMs: Math.max(0, times.nowMs - last.occurrence.atMs),
  };
}

/** How often the most frequent fingerprint came in 5 minutes, and what the checks look into. */
function suspects(view: View): JsonObject {
  const { store, times } = view;
  const all = store.fingerprints.all();
  const most = (kind: Kind): number => frequent(view, 5 * MINUTE_MS, kind)[0]?.inWindow ?? 0;
  const failing = peersOf(all, { windowMs: MINUTE_MS, nowMs: times.nowMs }).filter(
    ({ isFailing }) => isFailing,
  );
  return {
    mostFrequentRejection5m: most('rejection'),
    mostFrequentUncaught5m: most('uncaught'),
    bursts: all.filter((fingerprint) => isBurst(fingerprint, times)).length,
    newErrors: all.filter((fingerprint) => isNew(fingerprint, times)).length,
    failingPeers: failing.length,
    failingPeer: failing[0]?.peer ?? null,
    failingPeerErrors1m: failing[0]?.errors ?? 0,
  };
}

/** What cannot be told, by name. */
function unavailable({ failure, numbers, dropped }: ProbeFeed): readonly string[] {
  if (failure !== undefined) return [`errors: ${failure}`];
  if (numbers.length === 0) return ['errors: nothing watches them on the main thread'];
  return [
    ...(SPANS[numbers[slot.spans] ?? 0] === 'unknown provider'
      ? ['spans: OpenTelemetry has a tracer provider of an unknown make']
      : []),
    ...(dropped === 0 ? [] : [`${dropped} errors: too many in a second, counted only in the totals`]),
  ];
}
