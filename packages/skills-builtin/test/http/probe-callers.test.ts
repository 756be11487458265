import { once } from 'node:events';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JsonObject } from '@nodelens/core';
import { expect, onTestFinished, test } from 'vitest';
import { watchCallers } from '../../src/http/probe-callers.ts';

async function watched(): Promise<{ url: string; events: JsonObject[] }> {
  const server = createServer((request, response) => {
    response.writeHead(request.url?.startsWith('/fails') ? 503 : 200).end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const events: JsonObject[] = [];
  const end = watchCallers(
    { numbers: new Float64Array(0), emit: (event) => events.push(event), answer: () => {} },
    {},
  );
  onTestFinished(() => {
    end();
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, events };
}

const names = ({ path }: JsonObject): unknown =>
  (path as readonly JsonObject[] | undefined)?.map(({ name }) => name);

async function insist(url: string): Promise<void> {
  for (let attempt = 0; attempt < 3; attempt += 1) await (await fetch(url)).text();
}

const asked = (url: string): Promise<void> =>
  new Promise((resolve) => {
    get(url, (response) => response.resume().on('end', resolve));
  });

test('a request that repeats a failed one is told with who went on after the failure', async () => {
  const { url, events } = await watched();
  await insist(`${url}/fails/1?token=secret`);
  const again = events.filter(({ againMs }) => againMs !== undefined);
  expect(again).toHaveLength(2);
  expect(again.map(names)).toEqual([['insist'], ['insist']]);
  expect(events[0]).toMatchObject({ method: 'GET', target: `${url}/fails/1` });
});

test('many requests for the same are told when the last of them is answered; those for others are not', async () => {
  const { url, events } = await watched();
  const crowd = (path: string): Promise<unknown> =>
    Promise.all(Array.from({ length: 6 }, () => asked(`${url}${path}`)));
  await crowd('/list');
  await Promise.all(Array.from({ length: 6 }, (_, page) => asked(`${url}/list?page=${page}`)));
  await crowd('/list');
  expect(events.filter(({ peak }) => peak !== undefined)).toMatchObject([
    { target: `${url}/list`, peak: 6, requests: 6, quietMs: -1 },
    { target: `${url}/list`, peak: 6, quietMs: expect.any(Number) },
  ]);
});
