// `nodelens snapshot`: what one skill sees now, or all of them side by side.

import type { ControlClient } from '@nodelens/core';
import { type JsonObject, reasonOf } from '@nodelens/core';
import type { ExitCode } from '../exit-code.ts';
import { answerMs, printAnswer } from './status.ts';

export interface SnapshotOptions {
  readonly pid: number;
  /** All skills of the process when absent. */
  readonly skill?: string;
}

export const snapshot = ({ pid, skill }: SnapshotOptions): Promise<ExitCode> =>
  printAnswer(pid, (client) => (skill === undefined ? takeAll(client) : take(client, skill)));

const take = (client: ControlClient, skill: string): Promise<JsonObject> =>
  client.request('snapshot', { skill }, { timeoutMs: answerMs });

/** One that fails (a skill on a main thread that is blocked) says why in its place. */
async function takeAll(client: ControlClient): Promise<JsonObject> {
  const { pid, mainBlockedMs, operators } = await client.request('status', {}, { timeoutMs: answerMs });
  const skills = new Set(
    (operators as readonly { readonly skill: string }[]).map((operator) => operator.skill),
  );
  const snapshots = await Promise.all(
    [...skills].map((skill) =>
      take(client, skill).catch((error: unknown): JsonObject => ({ skill, error: reasonOf(error) })),
    ),
  );
  return { pid, mainBlockedMs, snapshots };
}
