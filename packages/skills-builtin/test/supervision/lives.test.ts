import type { JsonObject, ProbeFeed } from '@nodelens/core';
import { expect, test } from 'vitest';
import { crashLoopsOf, SLOW_MS } from '../../src/supervision/crash-loops.ts';
import type { Life } from '../../src/supervision/life.ts';
import { keepLives, type Lives } from '../../src/supervision/lives.ts';
import { pileUpsOf } from '../../src/supervision/pile-up.ts';
import { isFailure, reasonOf } from '../../src/supervision/reason.ts';

const frame = { name: 'run', file: '/srv/app.js', line: 3, column: 5 };

function livesOf(events: readonly JsonObject[]): Lives {
  const feed: ProbeFeed = {
    numbers: new Float64Array(0),
    emitted: events.length,
    dropped: 0,
    failure: undefined,
    onEvent: (listener) => events.forEach(listener),
    ask: async () => null,
  };
  return keepLives(feed);
}

interface Run {
  readonly startMs: number;
  readonly endMs?: number;
  readonly kind?: string;
  readonly name?: string;
  readonly end?: JsonObject;
  readonly error?: JsonObject | undefined;
  readonly start?: JsonObject;
}

let lastId = 0;
function eventsOf({
  startMs,
  endMs,
  kind = 'worker',
  name = 'mail.js',
  end,
  error,
  start,
}: Run): JsonObject[] {
  lastId += 1;
  const base = { kind, id: lastId };
  return [
    { ...base, what: 'started', name, frame, atMs: startMs, ...start },
    ...(error === undefined ? [] : [{ ...base, what: 'error', atMs: endMs ?? startMs, ...error }]),
    ...(endMs === undefined ? [] : [{ ...base, what: 'exited', atMs: endMs, exitCode: 1, ...end }]),
  ];
}

const allOf = (runs: readonly Run[]): readonly Life[] => {
  const lives = livesOf(runs.flatMap(eventsOf));
  return [...lives.alive(), ...lives.ended()];
};

const thrown = { errorType: 'TypeError', errorMessage: 'x is not a function' };

const ENDS: readonly [Omit<Run, 'startMs'>, boolean, string][] = [
  [{ end: { exitCode: 0 } }, false, 'ended normally'],
  [{}, false, 'ended by terminate() or process.exit(1)'],
  [{ end: { exitCode: 3 } }, true, 'process.exit(3)'],
  [{ error: thrown }, true, 'uncaught TypeError: x is not a function'],
  [
    { error: { errorCode: 'ERR_WORKER_OUT_OF_MEMORY' }, start: { heapLimitMb: 64 } },
    true,
    'its heap limit of 64 MB was reached',
  ],
  [{ kind: 'child', end: { exitCode: 0 } }, false, 'ended normally'],
  [{ kind: 'child', name: 'grep' }, false, 'exit code 1'],
  [
    { kind: 'child', start: { file: '/srv/mail.js' } },
    true,
    'exit code 1: an uncaught exception, or its own exit code',
  ],
  [{ kind: 'child', end: { exitCode: 127 } }, true, 'exit code 127: the command was not found'],
  [{ kind: 'child', end: { exitCode: 143 } }, false, 'exit code 143'],
  [{ kind: 'child', end: { exitCode: null, signal: 'SIGTERM' } }, false, 'signal SIGTERM'],
  [
    { kind: 'child', end: { exitCode: null, signal: 'SIGSEGV' } },
    true,
    'signal SIGSEGV: a fault in native code',
  ],
  [
    { kind: 'child', end: { exitCode: null, signal: 'SIGKILL', isKilledByApp: true } },
    false,
    'ended by the app (SIGKILL)',
  ],
  [{ kind: 'cluster' }, true, 'exit code 1: an uncaught exception, or its own exit code'],
];

test.each(ENDS)('why %j ended', (end, failure, reason) => {
  const [life] = allOf([{ startMs: 0, endMs: 10, ...end }]);
  expect(life && isFailure(life)).toBe(failure);
  expect(life && reasonOf(life)).toBe(reason);
});

test('a program that could not be started has ended', () => {
  const error = { errorCode: 'ENOENT', errorMessage: 'spawn convrt ENOENT', hasStarted: false };
  const [life] = allOf([{ kind: 'child', startMs: 0, error }]);
  expect(life && isFailure(life)).toBe(true);
  expect(life && reasonOf(life)).toBe('could not be started: spawn convrt ENOENT');
});

/** `count` runs, `everyMs` apart, each `livedMs` long. */
const runs = (count: number, everyMs: number, livedMs: number, run: Partial<Run> = {}): Run[] =>
  Array.from({ length: count }, (_, i) => ({
    startMs: i * everyMs,
    endMs: i * everyMs + livedMs,
    error: thrown,
    ...run,
  }));

const LOOPS: readonly [string, Run[], number, boolean][] = [
  ['fails at once and comes back at once', runs(6, 200, 50), 2_000, true],
  ['fails quickly and comes back every 20 s', runs(6, 20_000, 900), 101_000, true],
  ['fails quickly, but that was a minute ago', runs(6, 200, 50), 70_000, false],
  ['a pool of 8 fails together and does not come back', runs(8, 1, 100), 2_000, false],
  ['fails every 20 s after a minute of work', runs(6, 20_000, 60_000), 161_000, false],
  [
    'a few of many fail',
    [...runs(4, 300, 50), ...runs(60, 20, 15, { error: undefined, end: { exitCode: 0 } })],
    2_000,
    false,
  ],
  [
    'ends normally again and again',
    runs(60, 100, 50, { error: undefined, end: { exitCode: 0 } }),
    6_000,
    false,
  ],
  ['is terminated again and again', runs(60, 100, 50, { error: undefined }), 6_000, false],
  [
    'a command that says no',
    runs(60, 100, 5, { kind: 'child', name: 'pgrep', error: undefined }),
    6_000,
    false,
  ],
];

test.each(LOOPS)('crash loop: %s', (_, given, nowMs, isLooping) => {
  const found = crashLoopsOf(allOf(given), nowMs, SLOW_MS);
  expect(found.some((loop) => loop.isLooping)).toBe(isLooping);
});

test('a crash loop is told with its rate, life and last error; a flood has its place from its first', () => {
  const given = runs(10, 1_000, 100).map((run, i) => (i < 3 ? run : { ...run, start: { frame: null } }));
  const [loop, ...others] = crashLoopsOf(allOf(given), 10_000, SLOW_MS);
  expect(others).toEqual([]);
  expect(loop).toMatchObject({
    name: 'mail.js',
    starts: 10,
    failures: 10,
    restarts: 9,
    medianLifeMs: 100,
    alive: 0,
    starter: { name: 'run' },
    last: { error: { type: 'TypeError' }, endedAtMs: 9_100 },
  });
  expect(loop?.restartsPerMinute).toBeCloseTo(60.7);
});

const living = (count: number, everyMs: number): Run[] =>
  Array.from({ length: count }, (_, i) => ({ kind: 'child', name: 'cat', startMs: i * everyMs }));

const PILES: readonly [string, Run[], number, boolean][] = [
  ['one more each half second', living(40, 500), 20_000, true],
  ['all started at once', living(40, 1), 20_000, false],
  ['as many end as start', runs(400, 50, 1_500, { kind: 'child', name: 'cat' }), 20_000, false],
  ['few', living(10, 2_000), 20_000, false],
  ['so young that it may be the start', living(40, 100), 4_000, false],
];

test.each(PILES)('pile-up: %s', (_, given, nowMs, isGrowing) => {
  expect(pileUpsOf(allOf(given), nowMs).some((pile) => pile.isGrowing)).toBe(isGrowing);
});

test('what is kept is bounded, and an end without a start is left out', () => {
  const lives = livesOf([
    ...runs(2_500, 1, 1).flatMap(eventsOf),
    ...living(2_500, 1).flatMap(eventsOf),
    { kind: 'worker', what: 'exited', id: 999_999, atMs: 1 },
    { kind: 'nodelens', what: 'recorder.restarted', name: 'recorder', atMs: 5 },
    {},
  ]);
  expect(lives.ended()).toHaveLength(1_000);
  expect(lives.alive()).toHaveLength(2_000);
  expect(lives.own()).toMatchObject([{ what: 'recorder.restarted', name: 'recorder' }]);
  lives.forget(() => true);
  expect(lives.alive()).toEqual([]);
});
