// Errors over a window, as scripts and snapshots see them. Pure.
import type { CodeLocation, JsonObject } from '@nodelens/core';
import { round } from '../wording.ts';
import { KINDS, type Kind } from './counters.ts';
import type { ErrorStore, KeptError } from './error-store.ts';
import type { Fingerprint } from './fingerprints.ts';
import type { FailingPeer } from './peers.ts';
import type { Places } from './places.ts';
import { isBurst, isNew, shareOf, type Times, usualOf } from './suspicions.ts';

export const MINUTE_MS = 60_000;
const MAX_MESSAGE = 300;
const MAX_OPERATIONS = 5;

/** Where and since when one looks. */
export interface View {
  readonly store: ErrorStore;
  readonly places: Places;
  readonly times: Times;
}

export const placeFigures = (place: CodeLocation | undefined): JsonObject | null =>
  place === undefined ? null : { name: place.name, file: place.file, line: place.line };

export interface Counted {
  readonly fingerprint: Fingerprint;
  readonly inWindow: number;
}

/** What was seen in the window, most frequent first. */
export function frequent({ store, times }: View, windowMs: number, kind: Kind | null): readonly Counted[] {
  return store.fingerprints
    .all()
    .filter(({ example }) => kind === null || example.kind === kind)
    .map((fingerprint) => ({ fingerprint, inWindow: fingerprint.series.sum(windowMs, times.nowMs) }))
    .filter(({ inWindow }) => inWindow > 0)
    .sort((a, b) => b.inWindow - a.inWindow);
}

export function fingerprintFigures(
  { fingerprint, inWindow }: Counted,
  { places, times }: View,
  windowMs: number,
): JsonObject {
  const { id, example, pattern, count, firstSeenMs, lastSeenMs, runStartedMs, runCount } = fingerprint;
  const usual = usualOf(fingerprint, times);
  const share = shareOf(fingerprint, times);
  return {
    fingerprint: id,
    kind: example.kind,
    source: example.source,
    type: example.type,
    code: example.code || undefined,
    message: pattern.slice(0, MAX_MESSAGE),
    example: example.message.slice(0, MAX_MESSAGE),
    place: placeFigures(places.of(fingerprint)),
    peer: example.peer || undefined,
    operation: example.operation || undefined,
    isExpected: example.isExpected,
    countInWindow: inWindow,
    perMinute: perMinute(inWindow, windowMs, times),
    countTotal: count,
    firstSeenMs,
    firstSeenAgoMs: ago(firstSeenMs, times),
    lastSeenAgoMs: ago(lastSeenMs, times),
    runCount,
    runMs: lastSeenMs - runStartedMs,
    usualPerMinute: usual.perMinute === undefined ? undefined : round(usual.perMinute),
    usualMinutes: round(usual.minutes),
    shareOfRequests: share === undefined ? undefined : round(share, 3),
    isNew: isNew(fingerprint, times),
    isBurst: isBurst(fingerprint, times),
  };
}

export const errorFigures = (
  { fingerprint, occurrence }: KeptError,
  { store, places, times }: View,
): JsonObject => {
  const { atMs, kind, source, type, code, message, operation, peer, causes, errors } = occurrence;
  const known = store.fingerprints.find(fingerprint);
  return {
    atMs,
    agoMs: ago(atMs, times),
    fingerprint,
    kind,
    source,
    type,
    code: code || undefined,
    message: message.slice(0, MAX_MESSAGE),
    place: placeFigures(known === undefined ? occurrence.ownFrames[0] : places.of(known)),
    peer: peer || undefined,
    operation: operation || undefined,
    causes: causes.length === 0 ? undefined : causes,
    errors: errors.length === 0 ? undefined : errors,
  };
};

export function peerFigures(found: FailingPeer, { places, times }: View, windowMs: number): JsonObject {
  const { peer, errors, codes, runStartedMs, lastSeenMs, isFailing, fingerprints } = found;
  const operations = new Set(
    fingerprints.map(({ example }) => example.operation).filter((one) => one !== ''),
  );
  return {
    peer,
    errors,
    perMinute: perMinute(errors, windowMs, times),
    codes: Object.fromEntries(codes),
    operations: [...operations].slice(0, MAX_OPERATIONS),
    place: placeFigures(fingerprints.map((one) => places.of(one)).find((one) => one !== undefined)),
    runMs: lastSeenMs - runStartedMs,
    lastSeenAgoMs: ago(lastSeenMs, times),
    isFailing,
    fingerprints: fingerprints.slice(0, MAX_OPERATIONS).map(({ id }) => id),
  };
}

/** Newest first. */
export function rateHistory({ store, times }: View, minutes: number): readonly JsonObject[] {
  const known = Math.max(1, Math.ceil((times.nowMs - times.startedAtMs) / MINUTE_MS));
  return Array.from({ length: Math.min(minutes, known) }, (_, index) => {
    const within = (kind: Kind): number =>
      store.count(kind, (index + 1) * MINUTE_MS, times.nowMs) -
      store.count(kind, index * MINUTE_MS, times.nowMs);
    return { minutesAgo: index, ...Object.fromEntries(KINDS.map((kind) => [kind, within(kind)])) };
  });
}

/** `charge (/srv/pay.ts:12)`, or how else to find it. */
export function whereText(fingerprint: Fingerprint, places: Places): string | null {
  const place = places.of(fingerprint);
  const { operation, peer } = fingerprint.example;
  if (place !== undefined) return `${place.name} (${place.file}:${place.line})`;
  return [operation, peer].filter((part) => part !== '').join(' to ') || null;
}

/** In a time that is not over yet, by what has passed of it. */
export const perMinute = (count: number, windowMs: number, { nowMs, startedAtMs }: Times): number =>
  round(count / (Math.min(windowMs, Math.max(MINUTE_MS, nowMs - startedAtMs)) / MINUTE_MS));

const ago = (atMs: number, { nowMs }: Times): number => Math.max(0, nowMs - atMs);
