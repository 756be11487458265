import { once } from 'node:events';
import { Agent, type IncomingMessage, type RequestListener, request } from 'node:http';
import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2';
import { type AddressInfo, connect } from 'node:net';
import type { JsonObject } from '@nodelens/core';
import { expect, onTestFinished, test } from 'vitest';
import { serve, until, watch } from './watching.ts';

const LARGE = 3_000_000;

interface Asked {
  readonly method?: string;
  readonly path: string;
  readonly bytes?: number;
  readonly isChunked?: boolean;
}

/** Reads what it is asked, and answers with as many bytes as the last part of the path says. */
const answer: RequestListener = (incoming, response) => {
  incoming.resume().on('end', () => {
    const bytes = Number(/\d+$/.exec(incoming.url ?? '')?.[0] ?? 0);
    for (let sent = 0; sent < bytes; sent += 100_000) response.write(Buffer.alloc(100_000));
    response.end();
  });
};

/** One after another on one connection. */
async function ask(port: number, ...all: readonly Asked[]): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  for (const { method = 'POST', path, bytes = 0, isChunked = false } of all) {
    const asking = request({
      port,
      agent,
      method,
      path,
      headers: isChunked ? { 'transfer-encoding': 'chunked' } : { 'content-length': bytes },
    });
    asking.end(Buffer.alloc(bytes));
    const [response] = (await once(asking, 'response')) as [IncomingMessage];
    await once(response.resume(), 'end');
  }
}

const largeOf = (events: readonly JsonObject[]): readonly JsonObject[] =>
  events.filter(({ requestBytes }) => requestBytes !== undefined);

test('a large body is told with its size, in and out, declared and chunked', async () => {
  const { port } = await serve(answer);
  const watching = watch();
  await ask(
    port,
    { path: '/declared/1?token=secret', bytes: LARGE },
    { path: '/chunked/1', bytes: LARGE, isChunked: true },
    { method: 'GET', path: '/out/5000000' },
    { path: '/small/1', bytes: 10 },
  );
  const [declared, chunked, out, small] = await watching.told('server', 4);
  expect(declared).toMatchObject({ method: 'POST', target: '/declared/1', requestBytes: LARGE, weight: 1 });
  expect(Number(declared?.responseBytes)).toBeLessThan(200_000);
  // The first read is not known of a chunked one.
  expect(Number(chunked?.requestBytes)).toBeGreaterThan(LARGE - 70_000);
  expect(Number(chunked?.requestBytes)).toBeLessThan(LARGE + 10_000);
  expect(out).toMatchObject({ method: 'GET', target: '/out/5000000', status: 200 });
  expect(Number(out?.responseBytes)).toBeGreaterThan(5_000_000);
  expect(Number(out?.responseBytes)).toBeLessThan(5_010_000);
  expect(small).not.toHaveProperty('requestBytes');
});

test('many small bodies on one connection are none', async () => {
  const { port } = await serve(answer);
  const watching = watch();
  await ask(port, ...Array.from({ length: 40 }, () => ({ path: '/small/60000', bytes: 60_000 })));
  watching.undo();
  expect(watching.count('serverFinished')).toBe(40);
  expect(largeOf(watching.events)).toEqual([]);
});

test('responses that tell their size leave no trace in the next one that does not', async () => {
  const { port } = await serve((incoming, response) => {
    if (incoming.url === '/declared') response.end(Buffer.alloc(60_000));
    else answer(incoming, response);
  });
  const watching = watch();
  const declared = Array.from({ length: 100 }, () => ({ method: 'GET', path: '/declared' }));
  await ask(
    port,
    ...declared,
    { method: 'HEAD', path: '/declared' },
    { method: 'GET', path: '/small/100000' },
  );
  await ask(port, ...declared, { method: 'GET', path: '/out/5000000' });
  watching.undo();
  expect(watching.count('serverFinished')).toBe(203);
  const [out, ...more] = largeOf(watching.events);
  expect(more).toEqual([]);
  expect(Number(out?.responseBytes)).toBeGreaterThan(5_000_000);
  expect(Number(out?.responseBytes)).toBeLessThan(5_075_000);
});

test('what is refused unread belongs to no later request', async () => {
  const { port } = await serve((incoming, response) => {
    if (incoming.url !== '/refuse') return answer(incoming, response);
    response.statusCode = 413;
    response.end();
  });
  const watching = watch();
  await ask(port, { path: '/refuse', bytes: LARGE }, { path: '/after', bytes: 10 });
  await watching.told('server', 2);
  expect(largeOf(watching.events).filter(({ target }) => target === '/after')).toEqual([]);
});

test('of pipelined requests the large one is told', async () => {
  const { port } = await serve((incoming, response) => {
    incoming.resume().on('end', () => incoming.url === '/last' && release());
    if (incoming.url === '/first') release = () => response.end('ok');
    else response.end('ok');
  });
  let release: () => unknown = () => {};
  const watching = watch();
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  const head = (path: string, bytes: number): string =>
    `POST ${path} HTTP/1.1\r\nHost: shop\r\nContent-Length: ${bytes}\r\n\r\n`;
  socket.write(`${head('/first', 2)}ab`);
  socket.write(head('/second', LARGE));
  socket.write(Buffer.alloc(LARGE));
  socket.write(`${head('/last', 2)}ab`);
  const told = await watching.told('server', 3);
  expect(told.map(({ target, requestBytes }) => [target, requestBytes])).toEqual([
    ['/first', undefined],
    ['/second', LARGE],
    ['/last', undefined],
  ]);
});

test('an upload that its caller gives up is told by what came', async () => {
  let received = 0;
  const { port } = await serve((incoming) => {
    incoming.on('data', (chunk: Buffer) => {
      received += chunk.length;
    });
  });
  const watching = watch();
  const asking = request({ port, method: 'POST', path: '/up', headers: { 'content-length': 2 * LARGE } });
  asking.on('error', () => {});
  asking.write(Buffer.alloc(LARGE));
  await until(() => received === LARGE);
  asking.destroy();
  const [told] = await watching.told('server', 1);
  expect(told).toMatchObject({ target: '/up', error: 'closed before the response was sent' });
  expect(Number(told?.requestBytes)).toBeGreaterThan(LARGE - 70_000);
});

test('a flood of large ones is told in part, and the rest is counted', async () => {
  const { port } = await serve(answer);
  const watching = watch();
  const body = Array.from({ length: 150 }, () => ({ method: 'GET', path: '/out/1100000' }));
  await ask(port, ...body);
  watching.undo();
  expect(largeOf(watching.events).length + watching.count('serverLargeUntold')).toBe(150);
});

test('HTTP/2 streams are told by what they declare', async () => {
  const server = createHttp2Server((incoming, response) => {
    incoming.resume().on('end', () => {
      response.setHeader('content-length', LARGE);
      response.end(Buffer.alloc(LARGE));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const watching = watch();
  const session = connectHttp2(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  onTestFinished(() => void session.destroy());
  onTestFinished(() => void server.close());
  const headers = { ':method': 'POST', ':path': '/both', 'content-length': LARGE };
  const stream = session.request(headers).resume();
  stream.end(Buffer.alloc(LARGE));
  await once(stream, 'close');
  expect(await watching.told('server', 1)).toMatchObject([
    { target: '/both', requestBytes: LARGE, responseBytes: LARGE },
  ]);
});
