import { expect, test } from 'vitest';
import { callerOf } from '../../src/http/probe-callers.ts';
import { repeatsOf } from '../../src/http/repeats.ts';

const FETCH = `Error
    at Channel.publish (node:diagnostics_channel:166:9)
    at fetch (node:internal/deps/undici/undici:17857:10)`;
const name = (caller: ReturnType<typeof callerOf>): unknown => caller && [caller.by, caller.from];
const called = (...names: readonly string[]): unknown =>
  names.map((one) => expect.objectContaining({ name: one }));

test.each<[string, string, unknown]>([
  [
    'the first try of a handler',
    `${FETCH}
    at getJson (file:///srv/http.mjs:8:72)
    at retry (file:///srv/retry.mjs:4:9)
    at handle (file:///srv/main.mjs:9:43)
    at Server.emit (node:events:508:28)`,
    called('getJson', 'handle'),
  ],
  [
    'another try, after an await',
    `${FETCH}
    at getJson (file:///srv/http.mjs:8:72)
    at retry (file:///srv/retry.mjs:4:9)
    at process.processTicksAndRejections (node:internal/process/task_queues:104:5)
    at async handle (file:///srv/main.mjs:9:37)`,
    called('getJson', 'retry'),
  ],
  [
    'through a dependency',
    `${FETCH}
    at request (/srv/node_modules/got/index.js:8:72)
    at load (/srv/load.js:4:9)
    at Timeout.run (/srv/node_modules/cron/index.js:4:9)`,
    called('load', 'load'),
  ],
  [
    'by a dependency alone',
    `${FETCH}\n    at send (/srv/node_modules/agent/a.js:1:1)`,
    called('send', 'send'),
  ],
  ['by Node', FETCH, undefined],
  ['without a stack', '', undefined],
])('who asks: %s', (_, stack, expected) => {
  expect(name(callerOf(stack))).toEqual(expected);
});

const failure = (
  target: string,
  atMs: number,
): { side: string; target: string; atMs: number; durationMs: number } => ({
  side: 'client',
  target,
  atMs,
  durationMs: 10,
});

test.each([
  ['at once', [failure('http://a/1', 0), failure('http://a/1', 12), failure('http://a/1', 24)], 2, 2],
  ['after a while', [failure('http://a/1', 0), failure('http://a/1', 410)], 1, 400],
  ['by another caller', [failure('http://a/1', 0), failure('http://a/1', 5_000)], 0, 0],
  ['of other targets', [failure('http://a/1', 0), failure('http://a/2', 12)], 0, 0],
  ['of other peers', [failure('http://ab/1', 0), failure('http://ab/1', 12)], 0, 0],
  ['at the same time', [failure('http://a/1', 0), failure('http://a/1', 1)], 0, 0],
])('failures are repeated %s', (_, errors, repeated, medianGapMs) => {
  expect(repeatsOf(errors, 'http://a')).toMatchObject({ repeated, medianGapMs });
});
