// `nodelens status`, and how the answer to one question is printed.
import type { ControlClient, JsonObject } from '@nodelens/core';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { connectToProcess } from '../find-process.ts';

export const answerMs = 15_000;

export const status = (options: { readonly pid: number }): Promise<ExitCode> =>
  printAnswer(options.pid, (client) => client.request('status', {}, { timeoutMs: answerMs }));

/** As JSON on stdout. */
export async function printAnswer(
  pid: number,
  ask: (client: ControlClient) => Promise<JsonObject>,
): Promise<ExitCode> {
  const client = await connectToProcess(pid);
  try {
    process.stdout.write(`${JSON.stringify(await ask(client), null, 2)}\n`);
  } finally {
    client.close();
  }
  return exitCodes.ok;
}
