import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2';
import { type AddressInfo, connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { oldestServedAtMs, PLACES } from '../../src/requests/slots.ts';
import { serve, until, watch } from './watching.ts';

const raw = (...paths: string[]): string =>
  paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: shop\r\n\r\n`).join('');

test('requests are counted and told on a connection that is kept alive, without their query', async () => {
  const { url } = await serve((request, response) => {
    response.statusCode = request.url === '/gone' ? 404 : request.url?.startsWith('/fail') ? 500 : 200;
    response.end('ok');
  });
  const watching = watch();
  for (const path of ['/orders/7?token=secret', '/gone', '/fail']) await (await fetch(url + path)).text();
  const told = await watching.told('server', 3);
  expect(told).toMatchObject([
    { method: 'GET', target: '/orders/7', status: 200, weight: 1 },
    { target: '/gone', status: 404 },
    { target: '/fail', status: 500 },
  ]);
  expect(JSON.stringify(watching.events)).not.toContain('secret');
  expect(watching.count('serverStarted')).toBe(3);
  expect(watching.count('serverFinished')).toBe(3);
  expect(watching.count('server4xx')).toBe(1);
  expect(watching.count('server5xx')).toBe(1);
  expect(watching.count('serverConnections')).toBeGreaterThan(0);
  expect(watching.count('serverOldestAtMs')).toBe(0);
});

test('pipelined requests are told in their order, and all of them are aborted when their caller leaves', async () => {
  const { port } = await serve((request, response) => {
    if (request.url !== '/hang') response.end('ok');
  });
  const watching = watch();
  const socket = connect(port, '127.0.0.1');
  socket.write(raw('/a', '/b', '/hang', '/behind'));
  await watching.told('server', 2);
  expect(watching.ask({ of: 'in-flight', limit: 5 })).toMatchObject([
    { side: 'server', method: 'GET', target: '/hang' },
    { side: 'server', target: '/behind' },
  ]);
  expect(watching.count('serverOldestAtMs')).toBeGreaterThan(0);
  socket.destroy();
  const told = await watching.told('server', 4);
  expect(told.map(({ target, status = null, error = null }) => ({ target, status, error }))).toEqual([
    { target: '/a', status: 200, error: null },
    { target: '/b', status: 200, error: null },
    { target: '/hang', status: null, error: 'closed before the response was sent' },
    { target: '/behind', status: null, error: 'closed before the response was sent' },
  ]);
  expect(watching.count('serverAborted')).toBe(2);
  expect(watching.count('serverConnections')).toBe(0);
  expect(watching.ask({ of: 'in-flight', limit: 5 })).toEqual([]);
});

test('of more requests than there are places the oldest is known, and all are listed', async () => {
  const { server, port } = await serve(() => undefined);
  const watching = watch();
  const count = PLACES + 4;
  const oldest = (): number => oldestServedAtMs(watching.numbers);
  expect(oldest()).toBe(0);
  const sockets = [];
  for (let index = 0; index < count; index += 1) {
    const socket = connect(port, '127.0.0.1');
    sockets.push(socket);
    socket.write(raw(`/hang/${index}`));
    await until(() => watching.count('serverStarted') === index + 1);
  }
  const listed = (): readonly string[] =>
    (watching.ask({ of: 'in-flight', limit: 500 }) as { target: string }[]).map(({ target }) => target);
  expect(listed().toSorted()).toEqual(sockets.map((_, index) => `/hang/${index}`).toSorted());
  const first = oldest();
  expect(Math.abs(Date.now() - first)).toBeLessThan(60_000);
  sockets[0]?.destroy();
  await watching.told('server', 1);
  expect(oldest()).toBeGreaterThan(first);
  // Those without a place are the last ones.
  for (const socket of sockets.slice(0, PLACES)) socket.destroy();
  await until(() => watching.count('serverAborted') === PLACES);
  expect(listed()).toHaveLength(count - PLACES);
  expect(oldest()).toBe(watching.count('serverOldestAtMs'));
  server.closeAllConnections();
  await until(() => watching.count('serverConnections') === 0);
  expect(oldest()).toBe(0);
});

test('what was in flight before it began is not counted, and the connection is right afterwards', async () => {
  const held: ServerResponse[] = [];
  const { port } = await serve((request, response) => {
    if (request.url === '/early') held.push(response);
    else response.end('ok');
  });
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.write(raw('/early'));
  await until(() => held.length === 1);
  const watching = watch();
  socket.write(raw('/blind'));
  await new Promise((resolve) => setImmediate(resolve));
  held[0]?.end('late');
  let answers = '';
  for await (const chunk of socket) {
    answers += chunk;
    if (answers.split('HTTP/1.1').length > 2) break;
  }
  const after = connect(port, '127.0.0.1');
  onTestFinished(() => void after.destroy());
  after.write(raw('/after'));
  await watching.told('server', 1);
  expect(watching.events).toMatchObject([{ target: '/after', status: 200 }]);
  expect(watching.count('serverStarted')).toBe(watching.count('serverFinished'));
});

test('an upgrade is no request in flight', async () => {
  const { server, port } = await serve((_, response) => void response.end());
  server.on('upgrade', (_, socket) => socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n'));
  const watching = watch();
  const socket = connect(port, '127.0.0.1');
  socket.write('GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  socket.resume();
  await once(socket, 'end');
  expect(watching.count('serverStarted')).toBe(0);
});

test('HTTP/2 streams are requests on both sides', async () => {
  const server = createHttp2Server((request, response) => {
    if (request.url === '/hang') return;
    response.statusCode = request.url === '/fail' ? 503 : 200;
    response.end('ok');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const watching = watch();
  const session = connectHttp2(`http://127.0.0.1:${port}`);
  onTestFinished(() => void session.destroy());
  onTestFinished(() => void server.close());
  for (const path of ['/a?b', '/fail']) await once(session.request({ ':path': path }).resume(), 'close');
  session.request({ ':path': '/hang' }).on('error', () => {});
  await until(() => watching.count('serverStarted') === 3);
  expect(watching.ask({ of: 'in-flight', limit: 5 })).toHaveLength(2);
  session.destroy();
  expect(await watching.told('server', 3)).toMatchObject([
    { method: 'GET', target: '/a', status: 200 },
    { target: '/fail', status: 503 },
    { target: '/hang', error: 'closed before the response was sent' },
  ]);
  expect(await watching.told('client', 3)).toMatchObject([
    { target: `http://127.0.0.1:${port}/a`, status: 200 },
    { status: 503 },
    { target: `http://127.0.0.1:${port}/hang`, error: expect.stringContaining('closed') },
  ]);
});

test('it takes back all that it added', async () => {
  const sockets: object[] = [];
  const { server, port } = await serve((_, response) => void response.end());
  server.on('connection', (socket) => sockets.push(socket));
  const watching = watch();
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.write(raw('/'));
  await watching.told('server', 1);
  const [accepted] = sockets as import('node:net').Socket[];
  const before = accepted?.listenerCount('close') ?? 0;
  expect(Object.getOwnPropertySymbols(accepted).map(String)).toContain('Symbol(nodelens.connection)');
  watching.undo();
  expect(accepted?.listenerCount('close')).toBe(before - 1);
  expect(Object.getOwnPropertySymbols(accepted).map(String)).not.toContain('Symbol(nodelens.connection)');
});
