// A shop with imports and exports, and a caller in the same process that keeps one connection alive.
import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { price } from '../fixtures/vm-events-work.ts';

/** As if the whole body was parsed at once; so long that it is no part of the process's start. */
function parseImport(): void {
  const from = process.threadCpuUsage();
  while (process.threadCpuUsage(from).user < 2_300_000) price('parse');
}

const server = createServer(async (incoming, response) => {
  await once(incoming.resume(), 'end');
  if (incoming.url?.startsWith('/imports')) parseImport();
  const bytes = incoming.url === '/exports/orders' ? 5_000_000 : 60_000;
  for (let sent = 0; sent < bytes; sent += 20_000) response.write(Buffer.alloc(20_000));
  response.end();
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

async function ask(method: string, path: string, bytes = 0): Promise<void> {
  const asking = request({ port, agent, method, path });
  asking.end(Buffer.alloc(bytes));
  const [response] = (await once(asking, 'response')) as [IncomingMessage];
  await once(response.resume(), 'end');
}

const WAYS: { readonly [how: string]: () => Promise<void> } = {
  async large() {
    await ask('POST', '/imports/4711?token=secret', 3_000_000);
    await ask('GET', '/exports/orders');
  },
  async 'small, then one export'() {
    for (let id = 0; id < 40; id += 1) await ask('POST', `/orders/${id}`, 60_000);
    await ask('GET', '/exports/orders');
  },
};

export const start = (how: string): unknown => WAYS[how]?.();
