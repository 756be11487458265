// Puts the questions of the benchmark to the skills, from a thread of the measured process.
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { reasonOf } from '../../packages/core/src/errors.ts';
import type { JsonValue } from '../../packages/core/src/json.ts';
import { connectRpc } from '../../packages/core/src/rpc.ts';
import type { SkillHost } from '../../packages/core/src/skill-host.ts';

interface Question {
  readonly skill: string;
  /** Left out: the names of all callbacks are asked for. */
  readonly callback?: string;
  readonly args?: readonly JsonValue[];
}

const TIMEOUT_MS = 300_000;
const { port } = workerData as { readonly port: MessagePort };
const { remote } = connectRpc<SkillHost>(port, { peer: 'the recorder', timeoutMs: TIMEOUT_MS });

async function answer({ skill, callback, args = [] }: Question): Promise<unknown> {
  if (callback !== undefined) return remote.call(skill, callback, args, { maxPauseMs: TIMEOUT_MS });
  const { callbacks } = await remote.describe(skill);
  return callbacks.map(({ name }) => name);
}

parentPort?.on('message', (question: Question) => {
  answer(question).then(
    (value) => parentPort?.postMessage({ value }),
    (error: unknown) => parentPort?.postMessage({ error: reasonOf(error) }),
  );
});
