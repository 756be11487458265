import { spawn } from 'node:child_process';
import { channel, hasSubscribers } from 'node:diagnostics_channel';
import { type EventEmitter, once } from 'node:events';
import { get } from 'node:http';
import { connect, createServer } from 'node:net';
import { Worker } from 'node:worker_threads';
import type { JsonObject } from '@nodelens/core';
import { expect, onTestFinished, test, vi } from 'vitest';
import { NUMBERS, slot } from '../../src/exceptions/counters.ts';
import { watchExceptions } from '../../src/exceptions/probe.ts';

function watched() {
  const events: JsonObject[] = [];
  const numbers = new Float64Array(NUMBERS);
  const undo = watchExceptions({ numbers, answer: () => {}, emit: (event) => void events.push(event) }, {});
  onTestFinished(undo);
  return { events, numbers, undo };
}

const EVENTS = ['uncaughtExceptionMonitor', 'unhandledRejection', 'newListener', 'removeListener'] as const;
const CHANNELS = ['http.client.request.error', 'undici:request:error', 'net.client.socket', 'worker_threads'];
const traces = (): unknown => [
  EVENTS.map((event) => (process as EventEmitter).listeners(event)),
  CHANNELS.map(hasSubscribers),
];

test('it takes back all that it added, also from connections that are open', async () => {
  const before = traces();
  const { undo } = watched();
  expect(traces()).not.toEqual(before);
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as { port: number }).port, '127.0.0.1');
  await once(socket, 'connect');
  const names = (): number => socket.eventNames().length + socket.listenerCount('close');
  const withWatch = names();
  undo();
  expect(traces()).toEqual(before);
  expect(names()).toBeLessThan(withWatch);
  socket.destroy();
  server.close();
});

const turns = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

const failed = channel('http.client.request.error');
const request = (path: string): object => ({
  method: 'GET',
  path,
  protocol: 'https:',
  getHeader: () => 'shop.test',
});

test('a request that failed is told with its peer, without its query', () => {
  const { events } = watched();
  failed.publish({ request: request('/orders?key=secret'), error: new Error('no') });
  expect(events).toMatchObject([
    { kind: 'handled', source: 'http.client.request.error', operation: 'GET /orders', peer: 'shop.test:443' },
  ]);
});

test.each([
  ['nothing', undefined],
  ['no request', { error: new Error('no') }],
  ['a hostile request', { request: new Proxy({}, { get: () => expect.unreachable() }), error: 'no' }],
])('a message with %s does not reach the app', (_, message) => {
  watched();
  expect(() => failed.publish(message)).not.toThrow();
});

test('an error is told once for each kind, and with the most that is known of it', async () => {
  const { events } = watched();
  const port = 1;
  const socket = connect(port, '127.0.0.1');
  const [error] = (await once(socket, 'error').catch((reason: unknown) => [reason])) as [Error];
  failed.publish({ request: request('/'), error });
  failed.publish({ request: request('/'), error });
  await turns();
  expect(events.map(({ source }) => source)).toEqual(['http.client.request.error']);
});

test('an error that is made once and thrown over and over counts each time', async () => {
  const { events } = watched();
  const error = new Error('no');
  for (let i = 0; i < 3; i += 1) {
    failed.publish({ request: request('/'), error });
    await turns();
  }
  expect(events).toHaveLength(3);
});

test('what fails in Node itself is told with what was being done', async () => {
  const { events } = watched();
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const other = createServer().listen(port, '127.0.0.1');
  await once(other, 'error').catch(() => {});
  server.close();
  await once(server, 'close');
  await once(spawn('no-such-program'), 'error').catch(() => {});
  await fetch(`http://127.0.0.1:${port}/orders?key=secret`).catch(() => {});
  await fetch(`http://127.0.0.1:${port}`, { signal: AbortSignal.abort() }).catch(() => {});
  await turns();
  expect(events).toMatchObject([
    { code: 'EADDRINUSE', operation: `listen 127.0.0.1:${port}` },
    { code: 'ENOENT', operation: 'spawn no-such-program' },
    {
      code: 'ECONNREFUSED',
      operation: 'GET /orders',
      peer: `127.0.0.1:${port}`,
      source: 'undici:request:error',
    },
  ]);
  expect(events[0]).not.toHaveProperty('peer');
});

test('a request that the app destroys is told apart from a peer that hangs up', async () => {
  const { events } = watched();
  const server = createServer((socket) => socket.on('data', () => socket.end())).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  for (const isDestroyed of [true, false]) {
    const asked = get({ port, host: '127.0.0.1', agent: false });
    if (isDestroyed) asked.destroy();
    asked.on('error', () => {});
    await new Promise((resolve) => asked.once('close', resolve));
  }
  server.close();
  expect(events.map(({ code, isCancelled }) => [code, isCancelled])).toEqual([
    ['ECONNRESET', true],
    ['ECONNRESET', undefined],
  ]);
});

test('a connection that only its socket knows of is told with its peer', async () => {
  const { events } = watched();
  connect(1, 'localhost').on('error', () => {});
  await vi.waitFor(() => expect(events).toHaveLength(1));
  expect(events).toMatchObject([
    { source: 'net.client.socket', code: 'ECONNREFUSED', peer: 'localhost:1', stack: expect.any(String) },
  ]);
});

test('a flood is counted whole, told in part, and has few stacks', () => {
  const { events, numbers } = watched();
  for (let i = 0; i < 2_000; i += 1) failed.publish({ request: request('/'), error: new Error(`no ${i}`) });
  expect(numbers[slot.handled]).toBe(2_000);
  expect(events.length).toBeLessThanOrEqual(600);
  expect(Number(numbers[slot.untold]) + events.length).toBe(2_000);
  expect(events.filter(({ stack }) => stack !== undefined).length).toBeLessThanOrEqual(40);
});

test('an error that ends a worker thread is told, but not of a thread of Nodelens', async () => {
  const { events } = watched();
  for (const name of ['nl:recorder', 'resizer']) {
    const worker = new Worker('throw new RangeError(name)'.replace('name', JSON.stringify(name)), {
      eval: true,
      name,
    });
    await once(worker, 'exit').catch(() => {});
  }
  expect(events).toMatchObject([
    { kind: 'uncaught', source: 'worker_threads', message: 'resizer', operation: 'worker resizer' },
  ]);
});
