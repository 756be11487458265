import type { JsonObject } from '@nodelens/core';
import { expect, test } from 'vitest';
import { readEvent } from '../../src/logger/read-line.ts';

const read = (text: string, more: JsonObject = {}) => readEvent({ source: 'stdout', text, atMs: 5, ...more });

test.each<[string, string, object]>([
  [
    'pino',
    '{"level":50,"name":"shop","msg":"no stock"}',
    { level: 'error', logger: 'shop', message: 'no stock' },
  ],
  [
    'bunyan',
    '{"name":"api","v":0,"level":60,"msg":"down","err":{"message":"gone","name":"DbError"}}',
    { level: 'fatal', logger: 'api', message: 'down: gone', errorName: 'DbError' },
  ],
  [
    'winston JSON',
    '{"level":"warn","label":"mail","message":"slow"}',
    { level: 'warn', logger: 'mail', message: 'slow' },
  ],
  ['winston simple', 'error: no stock', { level: 'error', logger: 'stdout', message: 'no stock' }],
  ['winston in colours', '\u001b[31merror\u001b[39m: no stock', { level: 'error', message: 'no stock' }],
  ['GCP', '{"severity":"CRITICAL","message":"x y"}', { level: 'fatal', message: 'x y' }],
  ['syslog numbers', '{"level":4,"message":"x y"}', { level: 'warn' }],
  [
    'log4js',
    '[2026-11-24T10:00:00.000] [ERROR] shop - no stock',
    { level: 'error', message: 'shop - no stock' },
  ],
  [
    'Nest',
    '[Nest] 12  - 11/24/2026, 10:00:00 AM   ERROR [Orders] no stock',
    { level: 'error', logger: 'Orders', message: 'no stock' },
  ],
  ['an error printed', 'TypeError: x is not a function', { level: 'error', errorName: 'TypeError' }],
  ['an access log', '10.0.0.1 - - "GET / HTTP/1.1" 200', { level: 'unknown', logger: 'stdout' }],
  ['prose about errors', 'handled an error in time', { level: 'unknown' }],
  [
    'cut JSON',
    '{"level":50,"name":"shop","msg":"no stock","more":"',
    { level: 'error', logger: 'shop', message: 'no stock' },
  ],
])('%s', (_, text, expected) => {
  expect(read(`${text}\n`)).toMatchObject([expected]);
});

test('several lines of one write are apart; stacks and brackets are none', () => {
  const text = 'Error: boom\n    at run (/srv/a.js:1:2)\n}\n\nnext one\n';
  expect(read(text).map(({ message }) => message)).toEqual(['Error: boom', 'next one']);
});

test.each<[string, JsonObject, object]>([
  [
    'a warning of Node',
    {
      source: 'warning',
      text: 'MaxListenersExceededWarning: leak',
      errorName: 'MaxListenersExceededWarning',
    },
    { level: 'warn', logger: 'process' },
  ],
  [
    'the console',
    { source: 'console', level: 'error', text: 'failed: RangeError: x', errorName: 'RangeError' },
    { level: 'error', logger: 'console', errorName: 'RangeError' },
  ],
  [
    'JSON through the console',
    { source: 'console', level: 'info', text: '{"level":"error","service":"pay","message":"m m"}' },
    { level: 'error', logger: 'pay', message: 'm m' },
  ],
  ['an event of no known shape', { source: 7, text: 8 }, {}],
])('%s', (_, event, expected) => {
  expect(readEvent(event)).toMatchObject(event.source === 7 ? [] : [expected]);
});

const STACK =
  'TypeError: x\\n    at parcelClass (file:///srv/shipping.mjs:6:23)\\n    at show (/srv/products.mjs:12:3)';

test.each<[string, string, JsonObject]>([
  [
    'in the error of a line of JSON',
    `{"level":50,"err":{"message":"x","stack":"${STACK}"},"msg":"failed"}`,
    {},
  ],
  ['in a line that was cut', `{"level":50,"err":{"message":"x","stack":"${STACK}","msg":"fai`, {}],
  ['in the lines below', `TypeError: x\n    at parcelClass (/srv/shipping.mjs:6:23)\nnext line`, {}],
  [
    'of the console',
    'failed TypeError: x',
    { source: 'console', level: 'error', errorStack: STACK.replaceAll('\\n', '\n') },
  ],
])('the function that threw: its stack stands %s', (_, text, more) => {
  expect(read(text, more)[0]?.thrownBy).toMatchObject({
    name: 'parcelClass',
    file: '/srv/shipping.mjs',
    line: 6,
  });
});
