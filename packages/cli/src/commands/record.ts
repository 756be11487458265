// `nodelens record`: writes the snapshots of all skills of a process to a file at a steady pace, until Ctrl-C or the
// process ends. `nodelens replay` reads such files.
import { open } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type ControlClient,
  type ControlResults,
  fail,
  isError,
  type JsonObject,
  reasonOf,
} from '@nodelens/core';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { encodeSample } from '../metrics-file.ts';
import { plain } from '../text.ts';
import { untilInterrupted } from '../until-interrupted.ts';
import { answerMs } from './status.ts';

export interface RecordOptions {
  readonly pid: number;
  /** Made with mode 0600; what is there already is added to. */
  readonly out: string;
  readonly everyMs: number;
}

export async function record({ pid, out, everyMs }: RecordOptions): Promise<ExitCode> {
  await untilInterrupted(pid, async (client, signal) => {
    const file = await open(out, 'a', 0o600).catch((error: unknown) => {
      throw fail('option_invalid', { option: '--out', reason: reasonOf(error) }, { cause: error });
    });
    try {
      const skills = await skillsOf(client);
      await file.write(await takeRound(client, skills));
      process.stderr.write(`records ${skills.map((skill) => plain(skill)).join(', ')}; Ctrl-C ends it\n`);
      while (await isTime(everyMs, signal)) await file.write(await takeRound(client, skills));
    } finally {
      await file.close();
    }
  });
  return exitCodes.ok;
}

/** False when it is to end instead. */
const isTime = (everyMs: number, signal: AbortSignal): Promise<boolean> =>
  pause(everyMs, true, { signal }).catch(() => false);

async function skillsOf(client: ControlClient): Promise<readonly string[]> {
  const status: ControlResults['status'] = await client.request('status', {}, { timeoutMs: answerMs });
  const operators = status.operators as readonly { readonly skill: string }[];
  return [...new Set(operators.map(({ skill }) => skill))];
}

/** A skill that does not answer (main is blocked) has no line in this round. */
async function takeRound(client: ControlClient, skills: readonly string[]): Promise<string> {
  const atMs = Date.now();
  const lines = await Promise.all(
    skills.map(async (skill) => {
      try {
        const { data } = await client.request('snapshot', { skill }, { timeoutMs: answerMs });
        return encodeSample({ skill, atMs, data: data as JsonObject });
      } catch (error) {
        if (isError(error, 'rpc_peer_gone')) throw error;
        return '';
      }
    }),
  );
  return lines.join('');
}
