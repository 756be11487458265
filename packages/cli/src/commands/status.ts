// `nodelens status` and `nodelens snapshot`: one question, one answer.
import type { JsonObject } from '@nodelens/core';
import type { ControlClient } from '../client.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { connectToProcess } from '../find-process.ts';

const answerMs = 15_000;

export const status = (options: { readonly pid: number }): Promise<ExitCode> =>
  printAnswer(options.pid, (client) => client.request('status', {}, { timeoutMs: answerMs }));

export const snapshot = (options: { readonly pid: number; readonly skill: string }): Promise<ExitCode> =>
  printAnswer(options.pid, (client) =>
    client.request('snapshot', { skill: options.skill }, { timeoutMs: answerMs }),
  );

async function printAnswer(
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
