import { once } from 'node:events';
import { closeSync, createReadStream, open, openSync, promises, watch } from 'node:fs';
import { createServer as createHttpServer, type IncomingMessage, request } from 'node:http';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { JsonObject, JsonValue, ProbePort } from '@nodelens/core';
import { expect, onTestFinished, test } from 'vitest';
import { watchHandles } from '../../src/handles/probe.ts';

type Answerer = (question: JsonObject) => JsonValue;

function watched(): { readonly ask: Answerer; readonly undo: () => void } {
  let ask: Answerer = () => null;
  const port: ProbePort = {
    numbers: new Float64Array(0),
    emit: () => {},
    answer: (given) => {
      ask = given;
    },
  };
  const undo = watchHandles(port);
  onTestFinished(undo);
  return { ask: (question) => ask(question), undo };
}

const { binding } = process as unknown as {
  binding(name: string): { open: unknown; openFileHandle: unknown };
};
const openFunctions = (): unknown => {
  const { open: one, openFileHandle: other } = binding('fs');
  return [one, other];
};

const arm = (ask: Answerer, kind: string, seconds = 10): JsonValue => ask({ what: 'arm', kind, seconds });

interface Told {
  readonly seen: number;
  readonly endedEarly: boolean;
  readonly openings: readonly {
    readonly frame: { readonly name: string };
    readonly path?: string;
    readonly isOpen?: boolean;
    readonly isInterval?: boolean;
  }[];
}

const collect = (ask: Answerer): Told => ask({ what: 'openings' }) as unknown as Told;

test('each way of opening a file is named by the function that asked', async () => {
  const { ask } = watched();
  const before = openFunctions();
  expect(arm(ask, 'files')).toBe(true);
  const path = import.meta.filename;
  (function bySync() {
    closeSync(openSync(path, 'r'));
  })();
  const { promise, resolve } = Promise.withResolvers<void>();
  (function byCallback() {
    open(path, (_, fd) => resolve(closeSync(fd)));
  })();
  await promise;
  await (async function byPromise() {
    await (await promises.open(path)).close();
  })();
  const stream = (function byStream() {
    return createReadStream(path);
  })();
  await once(stream.destroy(), 'close');
  const { openings } = collect(ask);
  expect(openings.map(({ frame }) => frame.name)).toEqual(['bySync', 'byCallback', 'byPromise', 'byStream']);
  expect(new Set(openings.map((one) => one.path))).toEqual(new Set([path]));
  expect(openFunctions()).toEqual(before);
});

test('a watch ends at its deadline, at its limit and at the stop', () => {
  const { ask, undo } = watched();
  const before = openFunctions();
  const touch = (): void => closeSync(openSync(import.meta.filename, 'r'));
  arm(ask, 'files', 0);
  touch();
  expect(openFunctions()).toEqual(before);
  arm(ask, 'files');
  expect(openFunctions()).not.toEqual(before);
  expect(arm(ask, 'timers')).toBe(false);
  for (let i = 0; i < 500; i += 1) touch();
  const { seen, openings } = collect(ask);
  expect([seen, openings.length <= 50]).toEqual([500, true]);
  arm(ask, 'files');
  undo();
  expect(openFunctions()).toEqual(before);
});

test('timers that are cleared, fired or not waited for are told from those that stay', () => {
  const { ask } = watched();
  arm(ask, 'timers');
  const kept = (function keep() {
    return setInterval(() => {}, 60_000);
  })();
  (function clear() {
    clearTimeout(setTimeout(() => {}, 60_000));
  })();
  (function background() {
    setInterval(() => {}, 60_000).unref();
  })();
  const { openings } = collect(ask);
  clearInterval(kept);
  expect(openings.map(({ frame, isOpen, isInterval }) => [frame.name, isOpen, isInterval])).toEqual([
    ['keep', true, true],
    ['clear', false, false],
    ['background', false, true],
  ]);
});

test('sockets are told by peer with their opener, also those from the past', async () => {
  const { ask } = watched();
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = await (function openOne() {
    return new Promise<Socket>((resolve) => resolve(connect(port, '127.0.0.1')));
  })();
  onTestFinished(() => {
    socket.destroy();
    server.close();
  });
  if (socket.connecting) await once(socket, 'connect');
  const { peers } = ask({ what: 'sockets', limit: 5 }) as { peers: JsonObject[] };
  expect(peers).toContainEqual(
    expect.objectContaining({
      peer: `127.0.0.1:${port}`,
      direction: 'outgoing',
      sockets: 1,
      openers: [expect.objectContaining({ frame: expect.objectContaining({ name: 'openOne' }) })],
    }),
  );
  expect(ask({ what: 'counts' })).toMatchObject({ byType: expect.any(Object) });
});

test.each([[{}], [{ what: 'arm', kind: 'nothing', seconds: 1 }], [{ what: 'else' }]])(
  'the question %j has no effect',
  (question) => {
    const { ask } = watched();
    const before = openFunctions();
    expect([null, false]).toContain(ask(question));
    expect(openFunctions()).toEqual(before);
  },
);

test('an answer whose body nobody reads is told from one that is read', async () => {
  const { ask } = watched();
  const server = createHttpServer((_, response) => response.end('{}')).listen(0, '127.0.0.1');
  onTestFinished(() => server.closeAllConnections());
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const [answer] = (await once(request({ port, host: '127.0.0.1' }).end(), 'response')) as [IncomingMessage];
  const unread = (): boolean[] =>
    (ask({ what: 'sockets' }) as unknown as { sockets: { peer: string; isUnread: boolean }[] }).sockets
      .filter(({ peer }) => peer === `127.0.0.1:${port}`)
      .map(({ isUnread }) => isUnread);
  expect(unread()).toEqual([true]);
  await once(answer.resume(), 'end');
  // It has gone back to the agent, where it keeps nothing waiting.
  expect(unread()).not.toContain(true);
});

test('file watchers that are closed are told from those that stay', async () => {
  const { ask } = watched();
  expect(arm(ask, 'watchers')).toBe(true);
  const kept = (function keepOne() {
    return watch(import.meta.dirname, () => {});
  })();
  onTestFinished(() => kept.close());
  const closed = (function closeOne() {
    return watch(import.meta.dirname, () => {});
  })();
  closed.close();
  await once(closed, 'close');
  const told = collect(ask).openings.map(({ frame, isOpen }) => [frame.name, isOpen]);
  expect(told).toEqual([
    ['keepOne', true],
    ['closeOne', false],
  ]);
});

test('the socket of a fetch is named by the function that fetched', async () => {
  const { ask } = watched();
  const server = createHttpServer((_, response) => response.end('{}')).listen(0, '127.0.0.1');
  onTestFinished(() => server.closeAllConnections());
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const answer = await (async function fetchOne() {
    return fetch(`http://127.0.0.1:${port}/`);
  })();
  const { peers } = ask({ what: 'sockets', limit: 5 }) as { peers: JsonObject[] };
  await answer.text();
  expect(peers.filter(({ peer }) => peer === `127.0.0.1:${port}`)).toEqual([
    expect.objectContaining({
      openers: [expect.objectContaining({ frame: expect.objectContaining({ name: 'fetchOne' }) })],
    }),
  ]);
});

test('who writes to a socket that is not read is named between two looks, and its write is its own again', async () => {
  const { ask } = watched();
  const server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => {
    socket.destroy();
    server.close();
  });
  await once(socket, 'connect');
  const piece = Buffer.alloc(1_000_000);
  while (socket.writableLength < 2_000_000) socket.write(piece);
  const told = (watchWritesSeconds: number): readonly JsonObject[] => {
    const { sockets } = ask({ what: 'sockets', limit: 20, watchWritesSeconds }) as { sockets: JsonObject[] };
    return sockets.filter(({ peer }) => peer === `127.0.0.1:${port}`);
  };
  expect(told(5)[0]?.writer).toBeUndefined();
  (function publish() {
    socket.write(piece);
    socket.write(piece);
  })();
  expect(told(0)).toEqual([
    expect.objectContaining({ writer: expect.objectContaining({ name: 'publish' }), writes: 2 }),
  ]);
  expect(Object.hasOwn(socket, 'write')).toBe(false);
});
