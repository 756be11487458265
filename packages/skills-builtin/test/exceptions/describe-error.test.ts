import type { JsonObject } from '@nodelens/core';
import { expect, test } from 'vitest';
import { describeError, stackOf } from '../../src/exceptions/describe-error.ts';

class PaymentError extends Error {}

const refused = (address: string): Error =>
  Object.assign(new Error(`connect ECONNREFUSED ${address}:5432`), {
    code: 'ECONNREFUSED',
    syscall: 'connect',
    address,
    port: 5432,
  });

test.each<[string, unknown, JsonObject]>([
  ['an error', new TypeError('no'), { type: 'TypeError', message: 'no' }],
  ['a class without a name', new PaymentError('no'), { type: 'PaymentError', message: 'no' }],
  ['a name of the app', Object.assign(new Error('no'), { name: 'Odd' }), { type: 'Odd' }],
  [
    'an abort',
    new DOMException('stop', 'AbortError'),
    { type: 'AbortError', message: 'stop', code: undefined },
  ],
  ['a text', 'boom', { type: 'string', message: 'boom' }],
  ['nothing', undefined, { type: 'undefined', message: '' }],
  ['null', null, { type: 'null', message: '' }],
  ['a big number', 12n, { type: 'bigint', message: '12' }],
  ['a symbol', Symbol('x'), { type: 'symbol', message: 'a symbol' }],
  ['a function', () => {}, { type: 'function', message: 'a function' }],
  ['an object', { message: 'own', code: 7 }, { type: 'Object', message: 'own', code: '7' }],
  ['an object without a class', Object.create(null), { type: 'object', message: '' }],
  ['a status', Object.assign(new Error('no'), { statusCode: 404 }), { status: 404 }],
  ['a peer', refused('10.0.0.1'), { code: 'ECONNREFUSED', peer: '10.0.0.1:5432', peerCode: 'ECONNREFUSED' }],
  ['a peer of IPv6', refused('::1'), { peer: '[::1]:5432' }],
  [
    'a name that is not known',
    Object.assign(new Error('getaddrinfo ENOTFOUND db'), { code: 'ENOTFOUND', hostname: 'db' }),
    { peer: 'db', peerCode: 'ENOTFOUND' },
  ],
  [
    'a cause',
    new TypeError('fetch failed', { cause: refused('10.0.0.1') }),
    {
      peer: '10.0.0.1:5432',
      peerCode: 'ECONNREFUSED',
      causes: [{ type: 'Error', code: 'ECONNREFUSED', message: 'connect ECONNREFUSED 10.0.0.1:5432' }],
    },
  ],
  [
    'several errors at once',
    new AggregateError([refused('::1'), refused('127.0.0.1'), 'x', 'y']),
    {
      type: 'AggregateError',
      message: 'connect ECONNREFUSED ::1:5432',
      peer: '[::1]:5432',
      errors: [{ code: 'ECONNREFUSED' }, { code: 'ECONNREFUSED' }, { type: 'string', message: 'x' }],
    },
  ],
])('%s is described', (_, thrown, expected) => {
  expect(describeError(thrown)).toMatchObject(expected);
});

test('an address of our own is no peer', () => {
  const error = Object.assign(new Error('in use'), { syscall: 'listen', address: '::', port: 80 });
  expect(describeError(error)).not.toHaveProperty('peer');
});

test('causes that go round end', () => {
  const error = new Error('a');
  error.cause = new Error('b', { cause: error });
  expect((describeError(error).causes as unknown[]).length).toBeLessThanOrEqual(3);
  error.cause = error;
  expect(describeError(error).causes).toBeUndefined();
});

const trap = (): never => {
  throw new Error('from the app');
};

test.each<[string, unknown]>([
  ['a proxy', new Proxy({}, { get: trap, getPrototypeOf: trap, getOwnPropertyDescriptor: trap, has: trap })],
  ['a revoked proxy', revoked()],
  ['getters', Object.defineProperties(new Error('x'), { message: { get: trap }, name: { get: trap } })],
  ['a proxy as its class', Object.create(new Proxy({}, { getOwnPropertyDescriptor: trap }))],
  ['a proxy as its cause', new Error('x', { cause: new Proxy({}, { getOwnPropertyDescriptor: trap }) })],
  ['a proxy as its errors', Object.assign(new Error('x'), { errors: new Proxy([], { get: trap }) })],
  ['a text that throws', { toString: trap, message: { toString: trap } }],
])('the app does not notice that it is described: %s', (_, thrown) => {
  expect(() => describeError(thrown)).not.toThrow();
  expect(stackOf(thrown, 100)?.length ?? 0).toBeLessThanOrEqual(100);
});

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

test('what is told is bounded', () => {
  const huge = 'x'.repeat(1_000_000);
  const error = Object.assign(new Error(huge, { cause: new Error(huge) }), {
    name: huge,
    code: huge,
    path: huge,
  });
  expect(JSON.stringify(describeError(error)).length).toBeLessThan(2_000);
  expect(stackOf(error, 50)).toHaveLength(50);
});

test('the frames of a long message that looks like frames are its own', () => {
  const error = new Error(`a${'\n    at evil (/srv/evil.js:1:1)'.repeat(500)}`);
  expect(stackOf(error, 6_000)).toMatch(/^\n {4}at .*describe-error\.test\.ts/);
  expect(stackOf(error, 6_000)).not.toContain('evil');
  expect(stackOf(Object.assign(new Error('no'), { stack: 'none' }), 6_000)).toBeUndefined();
});
