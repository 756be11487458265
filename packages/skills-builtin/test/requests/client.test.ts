import { once } from 'node:events';
import { Agent, get, type IncomingMessage, type RequestOptions } from 'node:http';
import type { JsonObject } from '@nodelens/core';
import { expect, onTestFinished, test } from 'vitest';
import { serve, until, watch } from './watching.ts';

/** Until the answer is read, or the request has failed. */
function ask(url: string, options: RequestOptions = {}): Promise<unknown> {
  const ended = Promise.withResolvers<unknown>();
  get(url, options, (response: IncomingMessage) =>
    response.resume().on('close', () => ended.resolve(response)),
  ).on('error', ended.resolve);
  return ended.promise;
}

const agentOf = (options: ConstructorParameters<typeof Agent>[0]): Agent => {
  const agent = new Agent({ keepAlive: true, ...options });
  onTestFinished(() => agent.destroy());
  return agent;
};

test('node:http: what is answered, what breaks off and what is refused, by origin', async () => {
  const { url } = await serve((request, response) => {
    if (request.url === '/half') {
      response.write('half');
      setImmediate(() => response.destroy());
    } else response.writeHead(request.url === '/fail' ? 502 : 200).end('ok');
  });
  const watching = watch();
  const agent = agentOf({});
  for (const path of ['/quote?key=secret', '/fail', '/half']) await ask(url + path, { agent });
  await ask('http://127.0.0.1:1/nobody');
  const told = await watching.told('client', 4);
  expect(told).toMatchObject([
    { method: 'GET', target: `${url}/quote`, status: 200 },
    { target: `${url}/fail`, status: 502 },
    { target: `${url}/half`, status: 200, error: 'closed before the answer was received' },
    { target: 'http://127.0.0.1:1/nobody', error: 'ECONNREFUSED' },
  ]);
  expect(JSON.stringify(watching.events)).not.toContain('secret');
  expect(watching.count('clientStarted')).toBe(4);
  expect(watching.count('clientFinished')).toBe(2);
  expect(watching.count('clientFailed')).toBe(2);
  expect(watching.count('client5xx')).toBe(1);
  expect(watching.count('clientWaiting')).toBe(0);
});

test('a queue for the sockets of an agent is told with its peer', async () => {
  const { url } = await serve(() => {});
  const watching = watch();
  const agent = agentOf({ maxSockets: 1 });
  const requests = [1, 2, 3].map((id) => get(`${url}/hang/${id}`, { agent }).on('error', () => {}));
  await until(() => watching.count('clientWaiting') === 2);
  const told = watching.ask({ of: 'pools' }) as { pools: object[]; waiting: object[] };
  expect(told.pools[0]).toMatchObject({ kind: 'http.Agent', peer: url, active: 1, queued: 2, maxSockets: 1 });
  expect(told.waiting).toMatchObject([{ peer: url, waiting: 2 }]);
  expect(watching.ask({ of: 'in-flight', limit: 10 })).toContainEqual(
    expect.objectContaining({ side: 'client', target: `${url}/hang/3`, state: 'waiting' }),
  );
  for (const request of requests) request.destroy();
  await until(() => watching.count('clientFailed') === 3);
  expect(watching.count('clientWaiting')).toBe(0);
});

test('fetch: what is answered, refused and given up', async () => {
  const { url } = await serve((request, response) => {
    if (request.url === '/hang') return;
    if (request.url === '/hints') response.writeEarlyHints({ link: '</a.css>; rel=preload' });
    response.end('ok');
  });
  const watching = watch();
  await (await fetch(`${url}/hints?a`)).text();
  await fetch('http://127.0.0.1:9/closed').catch(() => {});
  const giveUp = new AbortController();
  const hanging = fetch(`${url}/hang`, { signal: giveUp.signal }).catch(() => {});
  await until(() => watching.count('serverStarted') === 2);
  const { pools } = watching.ask({ of: 'pools' }) as { pools: object[] };
  expect(pools).toContainEqual(expect.objectContaining({ kind: 'undici', peer: url, active: 1 }));
  giveUp.abort();
  await hanging;
  const told = await watching.told('client', 2);
  expect(told[0]).toMatchObject({ method: 'GET', target: `${url}/hints`, status: 200 });
  expect(told.at(-1)).toMatchObject({ target: `${url}/hang`, error: 'AbortError' });
  expect(watching.count('clientStarted')).toBe(
    watching.count('clientFinished') + watching.count('clientFailed'),
  );
});

test('an upgrade is no request in flight', async () => {
  const { server, url } = await serve((_, response) => void response.end());
  server.on('upgrade', (_, socket) =>
    socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'),
  );
  const watching = watch();
  const request = get(`${url}/ws`, { headers: { connection: 'Upgrade', upgrade: 'x' } });
  const [, socket] = await once(request, 'upgrade');
  socket.destroy();
  expect(watching.count('clientStarted')).toBe(0);
});

test('what the app made unreadable is told so, and the app does not notice', async () => {
  const { url } = await serve((_, response) => void response.end());
  const watching = watch();
  const request = get(`${url}/odd`, (response) => response.resume());
  Object.defineProperty(request, 'protocol', {
    get() {
      throw new Error('not yours');
    },
  });
  expect(watching.ask({ of: 'in-flight', limit: 1 })).toMatchObject([{ target: '(unreadable)' }]);
  expect(await watching.told('client', 1)).toMatchObject([{ target: '(unreadable)', status: 200 }]);
});

test('an answer that is not read is told with what lies there of it', async () => {
  const { url } = await serve((_, response) => response.end(Buffer.alloc(1_000_000)));
  const watching = watch();
  const [read, response] = await Promise.all([fetch(`${url}/read`), fetch(`${url}/fetched`)]);
  await read.arrayBuffer();
  const [message] = await once(get(`${url}/got`, { agent: agentOf({}) }), 'response');
  const unread = (): readonly JsonObject[] =>
    (watching.ask({ of: 'in-flight', limit: 10 }) as JsonObject[]).filter(
      ({ state, unreadBytes }) => state === 'receiving' && Number(unreadBytes) > 0,
    );
  await until(() => unread().length === 2);
  expect(unread().map(({ target }) => target)).toEqual([`${url}/fetched`, `${url}/got`]);
  await response.body?.cancel();
  message.destroy();
});
