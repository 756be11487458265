// Snapshots of main's heap, as V8 writes them: text in pieces, which this thread only hands on. A snapshot stops main
// for seconds and takes many times the memory of the heap, so it is weighed against what the caller granted and
// what is free; one at a time.
import { fail } from '../../errors.ts';
import type { HeapSnapshotRequest } from '../context.ts';
import type { Allocations } from './allocations.ts';
import type { MainSession } from './inspector.ts';
import type { OwnPauses } from './own-pause.ts';

/** Measured with heaps of 50 to 300 MB of small objects: 60 ms per MB on a quiet machine, 100 to 130 on a busy one. */
const BASE_MS = 150;
const MS_PER_MB = 130;
/** A swapping machine takes longer than the estimate; up to this many times it is not taken for a stall. */
const HIDDEN = 3;
/** Measured likewise: V8's own tables take 11 MB for each MB of heap, a reader's two. */
const MEMORY_PER_MB = 13;
/** Nearer to its limit a heap may not survive the collections that a snapshot begins with. */
const MAX_HEAP_SHARE = 0.9;
const TIMEOUT_MS = 300_000;
const MB = 1_048_576;

export type TakeHeapSnapshot = <T>(request: HeapSnapshotRequest<T>) => Promise<T>;

export interface HeapSnapshotsOptions {
  readonly session: MainSession;
  readonly allocations: Allocations;
  readonly pauses: OwnPauses;
}

export function createHeapSnapshots({
  session,
  allocations,
  pauses,
}: HeapSnapshotsOptions): TakeHeapSnapshot {
  let isTaking = false;
  return async ({ maxPauseMs, onChunk, whileIdsHold }) => {
    if (isTaking) throw refused('another one is being taken');
    isTaking = true;
    try {
      const estimatedMs = await weigh(session, maxPauseMs);
      const take = async (): Promise<void> => {
        const undo = session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) =>
          onChunk(String(chunk ?? '')),
        );
        try {
          await session.post('HeapProfiler.takeHeapSnapshot', {}, { timeoutMs: TIMEOUT_MS });
        } finally {
          undo();
        }
      };
      return await allocations.aside(async () => {
        await pauses.run(take, { maxMs: HIDDEN * estimatedMs, collects: true });
        return whileIdsHold();
      });
    } finally {
      isTaking = false;
    }
  };
}

/** The estimate in ms. @throws NodelensError `pause_refused`, `heap_snapshot_refused` */
async function weigh(session: MainSession, grantedMs: number): Promise<number> {
  const { used_heap_size: used, heap_size_limit: limit } = (await session.evaluate(
    "process.getBuiltinModule('node:v8').getHeapStatistics()",
  )) as { used_heap_size: number; heap_size_limit: number };
  const usedMb = Math.round(used / MB);
  const estimatedMs = BASE_MS + usedMb * MS_PER_MB;
  if (estimatedMs > grantedMs)
    throw fail('pause_refused', { what: 'A heap snapshot', estimatedMs, grantedMs });
  if (used > MAX_HEAP_SHARE * limit)
    throw refused(`the heap is too near to its limit (${usedMb} of ${Math.round(limit / MB)} MB)`);
  const freeMb = Math.round(process.availableMemory() / MB);
  if (freeMb < MEMORY_PER_MB * usedMb)
    throw refused(`it needs about ${MEMORY_PER_MB * usedMb} MB of memory, and ${freeMb} MB are free`);
  return estimatedMs;
}

const refused = (reason: string): Error => fail('heap_snapshot_refused', { reason });
