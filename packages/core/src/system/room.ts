// Whether there is memory for a run that main starts. It stands in files, which main does not read: the recorder does.
import type { MessagePort } from 'node:worker_threads';
import { type Clock, systemClock } from '../actor/clock.ts';
import type { MemoryDesk } from '../actor/limits/memory-desk.ts';
import { RUN_MB, shortage } from '../actor/limits/memory-need.ts';
import { connectRpc } from '../rpc.ts';

const ANSWER_MS = 1_000;

/** Where so many runs would fit, the next one within this time is let in unasked: the question takes a third of a run. */
const AMPLE = 8;
const STAYS_AMPLE_MS = 1_000;

/** Asks before each run of a system, unless there was ample room just now. @throws NodelensError `memory_short` */
export function createRoom(port: () => MessagePort, clock: Clock = systemClock): () => Promise<void> {
  let ampleUntilMs = Number.NEGATIVE_INFINITY;
  return async () => {
    if (clock.now() < ampleUntilMs) return;
    const freeMb = await assertRoomFromMain(port());
    if (freeMb >= AMPLE * RUN_MB.fromMain) ampleUntilMs = clock.now() + STAYS_AMPLE_MS;
  };
}

/**
 * A recorder that does not answer in time refuses nothing: where the threads are started it is looked at again.
 * @param port to the service `memory`
 * @returns the MB that are free
 * @throws NodelensError `memory_short`
 */
export async function assertRoomFromMain(port: MessagePort): Promise<number> {
  const { remote, close } = connectRpc<MemoryDesk>(port, { peer: 'the recorder', timeoutMs: ANSWER_MS });
  const freeMb = await remote.headroomMb().catch(() => Number.POSITIVE_INFINITY);
  close();
  const error = shortage(RUN_MB.fromMain, freeMb);
  if (error !== undefined) throw error;
  return freeMb;
}
