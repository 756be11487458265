// First file of the thread that reads a heap snapshot: it takes the text as it comes, and answers once.
import { setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { analyse } from '../analysis.ts';
import type { FromReader, ToReader } from '../protocol.ts';
import { createSnapshotReader } from '../reader.ts';

const MB = 1_048_576;
/** Main stands still meanwhile, and the recorder must keep its beat: both come first. */
const NICE = 10;
const reader = createSnapshotReader();
let chars = 0;
let readMs = 0;

const tell = (message: FromReader): void => parentPort?.postMessage(message);

function take(message: ToReader): void {
  const startedAt = performance.now();
  if (message.type === 'chunk') {
    reader.write(message.text);
    chars += message.text.length;
    readMs += performance.now() - startedAt;
    return;
  }
  const graph = reader.end();
  const analysis = analyse(graph, message.ids);
  const { arrayBuffers } = process.memoryUsage();
  tell({
    type: 'analysed',
    analysis: {
      ...analysis,
      textMb: Math.round(chars / MB),
      readMs: Math.round(readMs),
      tablesMb: Math.round(arrayBuffers / MB),
    },
  });
}

// On Linux alone it is a thread that has a priority; elsewhere the process would get this one.
if (process.platform === 'linux') setPriority(0, NICE);
parentPort?.on('message', take);
tell({ type: 'ready' });
