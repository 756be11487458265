// Raw postMessage: every message comes back, but those of a burst are only counted until its `last`.
import { parentPort } from 'node:worker_threads';

let total = 0;
parentPort.on('message', (message) => {
  if (message.type === 'echo') return parentPort.postMessage(message);
  total += message.n;
  if (message.last) parentPort.postMessage({ total });
});
parentPort.postMessage('ready');
