// Takes a snapshot of main's heap and has it read on a thread of its own, which ends with the answer. The recorder
// thread only hands the pieces on. A thread that is too slow cannot hold main up, for V8 does not wait; what is under
// way lies in memory, which is why a snapshot needs more of it than the heap.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { CallContext, RecorderContext } from '@nodelens/core';
import { moduleUrl } from '../module-url.ts';
import type { FromReader, ReadAnalysis, ToReader } from './protocol.ts';

export interface TakenSnapshot extends ReadAnalysis {
  readonly atMs: number;
  /** How long main stood still, in ms. */
  readonly pauseMs: number;
}

export interface SnapshotRequest {
  readonly context: RecorderContext;
  readonly call: CallContext;
  /** V8's ids of the objects that are looked for; asked when the snapshot is complete, for only then they are known. */
  identify(): Promise<readonly number[]>;
}

/** Its tables are no part of its heap, which holds the figures alone. */
const HEAP_MB = 512;

/** @throws NodelensError `pause_refused`, `heap_snapshot_refused` */
export async function takeSnapshot({ context, call, identify }: SnapshotRequest): Promise<TakenSnapshot> {
  const reader = await startReader(call.signal);
  try {
    const startedAt = performance.now();
    let pauseMs = 0;
    const ids = await context.heapSnapshot({
      maxPauseMs: call.maxPauseMs,
      onChunk: (text) => reader.tell({ type: 'chunk', text }),
      whileIdsHold: () => {
        pauseMs = Math.round(performance.now() - startedAt);
        return identify();
      },
    });
    reader.tell({ type: 'end', ids });
    return { ...(await reader.analysis), atMs: context.now(), pauseMs };
  } finally {
    await reader.end();
  }
}

interface Reader {
  tell(message: ToReader): void;
  /** Rejects when the thread fails, or when the caller gives up. */
  readonly analysis: Promise<ReadAnalysis>;
  end(): Promise<unknown>;
}

async function startReader(signal: AbortSignal): Promise<Reader> {
  const worker = new Worker(new URL(moduleUrl('./entry/reader-thread', import.meta.url)), {
    name: 'nl:heap-reader',
    // A library never prints; an error of the thread arrives as one.
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  });
  const { promise, resolve, reject } = Promise.withResolvers<ReadAnalysis>();
  promise.catch(() => undefined);
  worker.on('error', reject);
  worker.on('exit', () => reject(new Error('The reader of the heap snapshot has ended.')));
  const giveUp = (): void => reject(signal.reason);
  signal.addEventListener('abort', giveUp, { once: true });
  await Promise.race([once(worker, 'message'), promise]);
  worker.on('message', (message: FromReader) => {
    if (message.type === 'analysed') resolve(message.analysis);
  });
  return {
    tell: (message) => worker.postMessage(message),
    analysis: promise,
    end() {
      signal.removeEventListener('abort', giveUp);
      return worker.terminate();
    },
  };
}
