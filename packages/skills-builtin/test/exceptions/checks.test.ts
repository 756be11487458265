import type { JsonObject, ProbeFeed, RecorderContext } from '@nodelens/core';
import { expect, test } from 'vitest';
import { errorBurst, newError } from '../../src/exceptions/check-changes.ts';
import { dependencyErrors } from '../../src/exceptions/check-dependency.ts';
import { uncaughtExceptions, unhandledRejections } from '../../src/exceptions/check-nobody-caught.ts';
import { NUMBERS, slot } from '../../src/exceptions/counters.ts';
import { exceptionsChecks } from '../../src/exceptions/knowledge.ts';
import { createExceptionsSkill } from '../../src/exceptions/skill.ts';

const place = { name: 'charge', file: '/srv/pay.ts', line: 7 };
const found = (parts: JsonObject = {}): JsonObject => ({
  type: 'PaymentError',
  code: 'E_CARD',
  message: 'card <num> refused',
  source: 'unhandledRejection',
  place,
  countInWindow: 12,
  countTotal: 40,
  firstSeenAgoMs: 65_000,
  runMs: 30_000,
  ...parts,
});

test.each<[string, string, JsonObject, boolean]>([
  ['rejections', 'three of one kind', { mostFrequentRejection5m: 3 }, true],
  ['rejections', 'two', { mostFrequentRejection5m: 2 }, false],
  ['uncaught', 'two of one kind', { mostFrequentUncaught5m: 2 }, true],
  ['uncaught', 'one', { mostFrequentUncaught5m: 1 }, false],
  ['dependency', 'a peer', { failingPeers: 1, failingPeer: 'db:5432' }, true],
  ['dependency', 'none', { failingPeers: 0 }, false],
  ['new', 'one', { newErrors: 1 }, true],
  ['burst', 'none', { bursts: 0 }, false],
])('%s: %s is looked into or not', (id, _, snapshot, isFound) => {
  const check = exceptionsChecks.find((one) => one.id.includes(id));
  expect(check?.when(snapshot, []) !== undefined).toBe(isFound);
  expect(check?.when({}, [])).toBeUndefined();
});

test.each(exceptionsChecks)('$id concludes nothing without evidence', ({ conclude }) => {
  for (const nothing of [[], null, 'x', {}, [1, null]]) expect(conclude(nothing, {})).toBeUndefined();
});

test('a rejection is told with what keeps the process alive', () => {
  expect(unhandledRejections.conclude([found(), found({ countInWindow: 2 })], {})).toMatchObject({
    severity: 'warning',
    context: expect.stringContaining("a listener for 'unhandledRejection'"),
    observation: 'PaymentError (E_CARD) "card <num> refused" in charge (/srv/pay.ts:7): 12 times.',
    subjects: [{ kind: 'function', ...place, value: 12, unit: 'errors' }],
  });
  expect(unhandledRejections.conclude([found({ source: 'uncaughtException' })], {})?.context).toContain(
    "a listener for 'uncaughtException'",
  );
  expect(unhandledRejections.conclude([found({ type: 'AbortError' })], {})).toBeUndefined();
});

test.each([
  ['uncaughtException', 'critical', 'not safe to go on'],
  ['worker_threads', 'warning', 'work of those threads is lost'],
])('an uncaught exception of %s is %s', (source, severity, hypothesis) => {
  expect(uncaughtExceptions.conclude([found({ source })], {})).toMatchObject({
    severity,
    hypothesis: expect.stringContaining(hypothesis),
  });
});

test('a burst is told against what is usual, and against the requests', () => {
  const burst = found({ usualPerMinute: 1.5, usualMinutes: 13, shareOfRequests: 0.25 });
  expect(errorBurst.conclude([burst], {})).toMatchObject({
    severity: 'warning',
    context:
      'PaymentError (E_CARD) "card <num> refused" came 12 times within the last minute; in the 13 minutes before there were 1.5 per minute; that is one for 4 requests (25 %).',
    observation: 'It comes in charge (/srv/pay.ts:7), for 30 s without a break.',
  });
  expect(errorBurst.conclude([found({ shareOfRequests: 0.6 })], {})?.severity).toBe('critical');
});

test.each<[string, JsonObject, JsonObject]>([
  ['its function', {}, { kind: 'function', name: 'charge' }],
  ['its peer', { place: null, peer: 'db:5432' }, { kind: 'peer', name: 'db:5432' }],
  ['what was done', { place: null, operation: 'POST /pay' }, { kind: 'resource', name: 'POST /pay' }],
  ['its type', { place: null }, { kind: 'resource', name: 'PaymentError' }],
])('a new error is about %s', (_, parts, subject) => {
  const conclusion = newError.conclude([found(parts)], {});
  expect(conclusion?.subjects).toMatchObject([subject]);
  expect(conclusion?.observation).toContain('first seen 65 s ago, 40 times since');
});

test('a peer is told with its code and who asks it', () => {
  const peer = {
    peer: 'db:5432',
    errors: 80,
    codes: { ECONNREFUSED: 70, ETIMEDOUT: 10 },
    operations: ['connection', 'GET /stock'],
    place,
    runMs: 42_000,
  };
  expect(dependencyErrors.conclude([peer], {})).toMatchObject({
    severity: 'critical',
    context: 'db:5432 could not be reached 80 times within the last minute.',
    observation:
      'Connections to it have been failing for 42 s without a break, most with ECONNREFUSED (nothing listens there). It was asked by GET /stock in charge (/srv/pay.ts:7).',
    subjects: [{ kind: 'peer', name: 'db:5432', value: 80 }],
  });
});

const feedOf = (parts: Partial<ProbeFeed>): ProbeFeed => ({
  numbers: new Float64Array(NUMBERS),
  emitted: 0,
  dropped: 0,
  failure: undefined,
  ask: async () => null,
  onEvent: () => {},
  ...parts,
});

test.each<[Partial<ProbeFeed>, string | undefined]>([
  [{}, undefined],
  [{ failure: 'the module has a top-level await' }, 'errors: the module has a top-level await'],
  [{ numbers: new Float64Array(0) }, 'errors: nothing watches them on the main thread'],
  [{ dropped: 3 }, '3 errors: too many in a second, counted only in the totals'],
  [
    { numbers: new Float64Array(NUMBERS).fill(2, slot.spans) },
    'spans: OpenTelemetry has a tracer provider of an unknown make',
  ],
])('what cannot be told is named: %#', async (parts, expected) => {
  const context = {
    now: () => 9_000,
    startedAtMs: 1_000,
    everySecond: () => undefined,
    locate: async () => place,
  } as unknown as RecorderContext;
  const { snapshot, callbacks } = createExceptionsSkill(context, {}, feedOf(parts));
  expect(await snapshot()).toMatchObject({
    unavailable: expected === undefined ? [] : [expected],
    handled1m: 0,
    newestType: null,
  });
  expect(callbacks.exceptions_top?.run(5, null, 20)).toEqual([]);
});

test('a place is told in its source; where that is not found, as it runs', async () => {
  let tell: (event: JsonObject) => void = () => {};
  const feed = feedOf({
    onEvent: (listener) => {
      tell = listener;
    },
  });
  const context = {
    now: () => 9_000,
    startedAtMs: 1_000,
    everySecond: () => undefined,
    locate: async ({ line }: { line: number }) => {
      if (line > 90) throw new Error('no map');
      return { ...place, line: 700 };
    },
  } as unknown as RecorderContext;
  const { snapshot, callbacks } = createExceptionsSkill(context, {}, feed);
  const stack = (line: number): string => `Error: m\n    at f (/srv/dist/pay.js:${line}:1)`;
  tell({ kind: 'uncaught', atMs: 8_000, type: 'Error', message: 'm', stack: stack(7) });
  await null;
  await null;
  expect(await snapshot()).toMatchObject({ newestPlace: 'charge (/srv/pay.ts:700)', uncaught1m: 1 });
  tell({ kind: 'uncaught', atMs: 8_500, type: 'Error', message: 'm', stack: stack(99) });
  expect(await snapshot()).toMatchObject({ newestPlace: 'f (/srv/dist/pay.js:99)', fingerprints: 2 });
  const [top] = (callbacks.exceptions_top?.run(5, null, 1) ?? []) as JsonObject[];
  expect(await callbacks.exceptions_stack?.run(top?.fingerprint)).toMatchObject({
    perMinute: 1,
    frames: [{ file: '/srv/pay.ts', line: 700, isOfApp: true }],
  });
});
