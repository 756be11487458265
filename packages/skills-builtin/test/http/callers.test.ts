import { expect, test } from 'vitest';
import { askerOf } from '../../src/http/askers.ts';
import { createFailedTargets } from '../../src/http/failed-targets.ts';
import { callersOf } from '../../src/http/probe-callers.ts';
import { watchSame } from '../../src/http/same-requests.ts';

const FETCH = `Error
    at Channel.publish (node:diagnostics_channel:166:9)
    at fetch (node:internal/deps/undici/undici:17857:10)`;
test.each<[string, string, unknown]>([
  [
    'the first try of a handler',
    `${FETCH}
    at getJson (file:///srv/http.mjs:8:72)
    at retry (file:///srv/retry.mjs:4:9)
    at handle (file:///srv/main.mjs:9:43)
    at Server.emit (node:events:508:28)`,
    ['getJson', 'retry', 'handle'],
  ],
  [
    'another try, after an await',
    `${FETCH}
    at getJson (file:///srv/http.mjs:8:72)
    at retry (file:///srv/retry.mjs:4:9)
    at process.processTicksAndRejections (node:internal/process/task_queues:104:5)
    at async handle (file:///srv/main.mjs:9:37)`,
    ['getJson', 'retry'],
  ],
  [
    'through a dependency',
    `${FETCH}
    at request (/srv/node_modules/got/index.js:8:72)
    at load (/srv/load.js:4:9)
    at Timeout.run (/srv/node_modules/cron/index.js:4:9)`,
    ['load'],
  ],
  ['by a dependency alone', `${FETCH}\n    at send (/srv/node_modules/agent/a.js:1:1)`, ['send']],
  ['by Node', FETCH, []],
  ['without a stack', '', []],
])('who asks: %s', (_, stack, expected) => {
  expect(callersOf(stack).map(({ name }) => name)).toEqual(expected);
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

const path = (...names: readonly string[]): readonly { name: string; file: string }[] =>
  names.map((name) => ({ name, file: '/srv/a.mjs' }));
test.each([
  ['not the helper of all', [path('get', 'prices', 'basket'), path('get', 'prices', 'offers')], 'prices'],
  ['the handler where it alone asks', [path('get', 'handle')], 'handle'],
  ['a helper where nothing else is known', [path('get')], 'get'],
  ['not one of two ways', [path('get', 'a', 'prices', 'x'), path('get', 'b', 'prices', 'y')], 'prices'],
])('who stands for a call: %s', (_, paths, name) => {
  const seen = [
    ...paths.map((one) => ({ call: 'GET http://p/list', path: one })),
    { call: 'GET http://o/basket', path: path('get', 'basket') },
    { call: 'GET http://o/offers', path: path('get', 'offers') },
  ];
  expect(askerOf('GET http://p/list', seen)).toMatchObject({ name });
});

test('many of the same at once are told when they are over, with the quiet time before', () => {
  const same = watchSame();
  const ask = (key: string, count: number): ReturnType<typeof same.ended>[] => {
    const requests = Array.from({ length: count }, () => ({}));
    for (const request of requests) same.begun(request, key);
    return requests.map((request) => same.ended(request));
  };
  expect(ask('GET a', 3)).toMatchObject([undefined, undefined, { peak: 3, requests: 3, quietMs: -1 }]);
  expect(ask('GET a', 1)).toMatchObject([{ peak: 1, quietMs: expect.any(Number) }]);
  expect(same.ended({})).toBeUndefined();
  for (let id = 0; id < 2_000; id += 1) ask(`GET ${id}`, 1);
  expect(ask('GET a', 1)).toMatchObject([{ quietMs: -1 }]);
});
