import { expect, test } from 'vitest';
import { createFailedTargets } from '../../src/http/failed-targets.ts';
import { callerOf } from '../../src/http/probe-callers.ts';

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

test('what is asked for again is told from what is asked for once more later, once', () => {
  const failed = createFailedTargets();
  failed.note('GET http://a/1');
  expect(failed.againMs('GET http://a/2')).toBeUndefined();
  expect(failed.againMs('GET http://a/1')).toBeLessThan(1_000);
  expect(failed.againMs('GET http://a/1')).toBeUndefined();
  for (let id = 0; id < 1_000; id += 1) failed.note(`GET http://a/${id}`);
  expect(failed.againMs('GET http://a/1')).toBeUndefined();
  expect(failed.againMs('GET http://a/999')).toBeDefined();
});
