// A command that goes on until Ctrl-C, or until the process that it is connected to ends.
import { type ControlClient, isError } from '@nodelens/core';
import { connectToProcess } from './find-process.ts';

/** @param run ends when its signal is aborted; what it throws is thrown, but for the end of the process. */
export async function untilInterrupted(
  pid: number,
  run: (client: ControlClient, signal: AbortSignal) => Promise<unknown>,
): Promise<void> {
  const client = await connectToProcess(pid);
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    await run(client, controller.signal);
  } catch (error) {
    // It is the end of the command, not a failure.
    if (!isError(error, 'rpc_peer_gone')) throw error;
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    client.close();
  }
}
