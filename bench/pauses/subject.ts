// The process whose pauses are measured: a heap of the given size, the recorder with its skills, and a loop that notes
// the longest time in which it did not turn. Questions arrive at a thread of its own, as those of operators do.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { MessageChannel, Worker } from 'node:worker_threads';
import { startRecorder } from '../../packages/core/src/recorder/recorder.ts';
import { bareInit } from '../../packages/core/test/recorder/fixtures/bare-init.ts';
import {
  allocator,
  collections,
  exceptions,
  gc,
  handles,
  http,
  logger,
  overload,
  runtime,
  supervision,
  system,
  tracer,
  vmEvents,
} from '../../packages/skills-builtin/src/index.ts';

const heapMb = Number(process.argv[2]);
const sessions = new Map<string, { readonly id: string; readonly words: readonly string[] }>();
let next = 0;

function openSession(): void {
  const id = `s${next}`;
  next += 1;
  sessions.set(id, { id, words: [`${id} likes tea`, `${id} likes ink`, `${id} likes rain`] });
}

/** Both ends are this process's own: twice as many sockets. */
const CONNECTIONS = 200;

async function holdOpen(connections: number): Promise<void> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  for (let opened = 0; opened < connections; opened += 1) await once(connect(port, '127.0.0.1'), 'connect');
}

const recorder = startRecorder({
  skills: [
    runtime(),
    gc(),
    collections(),
    allocator(),
    handles(),
    http(),
    overload(),
    logger(),
    exceptions(),
    supervision(),
    system(),
    vmEvents(),
    tracer(),
  ],
  init: bareInit,
});
await recorder.ready;
while (process.memoryUsage().heapUsed < heapMb * 1_048_576)
  for (let turn = 0; turn < 10_000; turn += 1) openSession();
// Something must grow, or there is nothing to look for.
setInterval(openSession, 5);
await holdOpen(CONNECTIONS);
new Worker('setInterval(() => undefined, 1_000)', { eval: true });

let last = performance.now();
let longestMs = 0;
setInterval(() => {
  const now = performance.now();
  longestMs = Math.max(longestMs, now - last);
  last = now;
}, 1);

const { port1, port2 } = new MessageChannel();
recorder.connect('skills', port2);
const asker = new Worker(new URL('./asker.ts', import.meta.url), {
  workerData: { port: port1 },
  transferList: [port1],
});
process.on('message', (request: unknown) => {
  if (request !== 'longest') return asker.postMessage(request);
  process.send?.({ longestMs });
  longestMs = 0;
});
asker.on('message', (answer) => process.send?.(answer));
