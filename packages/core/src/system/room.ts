// Whether there is memory for a run that main starts. It stands in files, which main does not read: the recorder does.
import type { MessagePort } from 'node:worker_threads';
import type { MemoryDesk } from '../actor/memory-desk.ts';
import { RUN_MB, shortage } from '../actor/memory-need.ts';
import { connectRpc } from '../rpc.ts';

const ANSWER_MS = 1_000;

/**
 * A recorder that does not answer in time refuses nothing: where the threads are started it is looked at again.
 * @param port to the service `memory`
 * @throws NodelensError `memory_short`
 */
export async function assertRoomFromMain(port: MessagePort): Promise<void> {
  const { remote, close } = connectRpc<MemoryDesk>(port, { peer: 'the recorder', timeoutMs: ANSWER_MS });
  const freeMb = await remote.headroomMb().catch(() => Number.POSITIVE_INFINITY);
  close();
  const error = shortage(RUN_MB.fromMain, freeMb);
  if (error !== undefined) throw error;
}
