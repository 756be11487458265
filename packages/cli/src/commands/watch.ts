// `nodelens watch`: what happens in the process, live: one JSON object a line, until Ctrl-C or the process ends.
import { isError } from '@nodelens/core';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { connectToProcess } from '../find-process.ts';

export async function watch(options: { readonly pid: number }): Promise<ExitCode> {
  const client = await connectToProcess(options.pid);
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    await client.request(
      'watch',
      {},
      {
        timeoutMs: Number.POSITIVE_INFINITY,
        signal: controller.signal,
        onEvent: (event) => void process.stdout.write(`${JSON.stringify(event)}\n`),
      },
    );
  } catch (error) {
    // The end of the process is the end of the stream, not a failure.
    if (!isError(error, 'rpc_peer_gone')) throw error;
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    client.close();
  }
  return exitCodes.ok;
}
