import { expect, test } from 'vitest';
import { askerOf } from '../../src/http/askers.ts';
import { createFailedTargets } from '../../src/http/failed-targets.ts';
import { callersIn } from '../../src/http/probe-callers.ts';
import { watchSame } from '../../src/http/same-requests.ts';

const site = (functionName: string, scriptName: string): Parameters<typeof callersIn>[0][number] => ({
  functionName,
  scriptName,
  lineNumber: 1,
  columnNumber: 1,
});
const FETCH = [
  site('publish', 'node:diagnostics_channel'),
  site('fetch', 'node:internal/deps/undici/undici'),
];

test.each([
  [
    'the first try of a handler',
    [site('getJson', 'file:///srv/http.mjs'), site('', '/srv/main.cjs'), site('emit', 'node:events')],
    ['getJson', '(anonymous)'],
  ],
  [
    'through a dependency',
    [
      site('request', '/srv/node_modules/got/index.js'),
      site('load', '/srv/load.js'),
      site('run', '/srv/node_modules/cron/index.js'),
    ],
    ['load'],
  ],
  ['by a dependency alone', [site('send', '/srv/node_modules/agent/a.js')], ['send']],
  ['by the queue of an undici of its own', [site('resume', '/srv/node_modules/undici/lib/pool.js')], []],
  ['by Node', [], []],
  [
    'through many',
    'abcdefghi'.split('').map((name) => site(name, '/srv/a.js')),
    ['a', 'b', 'c', 'd', 'e', 'i'],
  ],
])('who asks: %s', (_, sites, expected) => {
  expect(callersIn([...FETCH, ...sites]).map(({ name }) => name)).toEqual(expected);
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
