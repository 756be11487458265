// `nodelens ps`: the attached processes of this user; removes the sockets of dead ones on the way.
import { readFileSync } from 'node:fs';
import { ControlClient, type JsonObject, reasonOf } from '@nodelens/core';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { type FoundSocket, findSockets } from '../find-process.ts';
import { plain } from '../text.ts';

interface ProcessRow {
  readonly pid: number;
  readonly command: string;
  readonly status?: JsonObject;
  /** Why there is no status. */
  readonly error?: string;
}

const answerMs = 2_000;

export async function ps(options: { readonly json: boolean }): Promise<ExitCode> {
  const rows = await Promise.all(findSockets().map(rowOf));
  if (options.json) process.stdout.write(`${JSON.stringify(rows)}\n`);
  else if (rows.length === 0)
    process.stdout.write('No attached process. Start one with: nodelens run app.js\n');
  else
    for (const { pid, command, error } of rows)
      process.stdout.write(
        `${String(pid).padStart(8)}  ${error === undefined ? 'attached   ' : 'unreachable'}  ${command}\n`,
      );
  return exitCodes.ok;
}

async function rowOf({ pid, path }: FoundSocket): Promise<ProcessRow> {
  const command = commandOf(pid);
  try {
    const client = await ControlClient.connect(pid, path);
    try {
      return { pid, command, status: await client.request('status', {}, { timeoutMs: answerMs }) };
    } finally {
      client.close();
    }
  } catch (error) {
    return { pid, command, error: reasonOf(error) };
  }
}

function commandOf(pid: number): string {
  try {
    return plain(readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' '), 200);
  } catch {
    return '';
  }
}
