// The process whose pauses are measured: a heap of the given size, the recorder with its skills, and a loop that notes
// the longest time in which it did not turn. Questions arrive at a thread of its own, as those of operators do.
import { MessageChannel, Worker } from 'node:worker_threads';
import { startRecorder } from '../../packages/core/src/recorder/recorder.ts';
import { allocator, collections, gc, runtime } from '../../packages/skills-builtin/src/index.ts';

const heapMb = Number(process.argv[2]);
const sessions = new Map<string, { readonly id: string; readonly words: readonly string[] }>();
let next = 0;

function openSession(): void {
  const id = `s${next}`;
  next += 1;
  sessions.set(id, { id, words: [`${id} likes tea`, `${id} likes ink`, `${id} likes rain`] });
}

const recorder = startRecorder({ skills: [runtime(), gc(), collections(), allocator()], init: {} });
await recorder.ready;
while (process.memoryUsage().heapUsed < heapMb * 1_048_576)
  for (let turn = 0; turn < 10_000; turn += 1) openSession();
// Something must grow, or there is nothing to look for.
setInterval(openSession, 5);

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
