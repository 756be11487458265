// The server under test: two handlers of known price and one that tells what the process has used. Its own file so
// that it can be started bare or with Nodelens attached; it knows of neither.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';

/** From the start of the process to the first line of the app: by the clock, and CPU of the main thread. */
const readyMs = performance.now();
const { user, system } = process.threadCpuUsage();
const readyCpuMs = (user + system) / 1000;

const seed = JSON.stringify(
  Array.from({ length: 40 }, (_, index) => ({
    id: index,
    name: `Item ${(index * 7919) % 997}`,
    price: (index * 104_729) % 10_007,
    tags: ['a', 'b'],
  })),
);

function send(response: ServerResponse, body: string): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

async function rows(response: ServerResponse): Promise<void> {
  await turn();
  const items = JSON.parse(seed) as { price: number; name: string }[];
  items.sort((left, right) => left.price - right.price || left.name.localeCompare(right.name));
  send(response, JSON.stringify(items));
}

/** The longest time in ms for which the loop did not turn during `windowMs`, by turning it without a rest. */
function longestGap(windowMs: number): Promise<number> {
  const end = performance.now() + windowMs;
  let last = performance.now();
  let longest = 0;
  return new Promise((resolve) => {
    const step = (): void => {
      const now = performance.now();
      longest = Math.max(longest, now - last);
      last = now;
      if (now < end) setImmediate(step);
      else resolve(longest);
    };
    setImmediate(step);
  });
}

function handle(request: IncomingMessage, response: ServerResponse): void {
  if (request.url === '/hello') send(response, JSON.stringify({ hello: 'world' }));
  else if (request.url === '/rows') void rows(response);
  else send(response, JSON.stringify({ cpu: process.cpuUsage(), rss: process.memoryUsage.rss() }));
}

if (process.argv.includes('--gap')) {
  const gapMs = await longestGap(2000);
  process.stdout.write(`${JSON.stringify({ readyMs, readyCpuMs, gapMs })}\n`);
  process.exit(0);
}
// Servers wait for their turn longer than connections are kept by default.
const server = createServer({ keepAliveTimeout: 0 }, handle).listen(0, '127.0.0.1', () => {
  process.stdout.write(`listening ${(server.address() as AddressInfo).port}\n`);
});
