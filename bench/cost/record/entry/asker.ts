// Asks all skills for their snapshots at a steady pace, and after the last for what their checks and callbacks say; each
// answer is a line of the file.
import { appendFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { type MessagePort, workerData } from 'node:worker_threads';
import { type JsonObject, type JsonValue, reasonOf } from '@nodelens/core';
import { connectRpc } from '../../../../packages/core/src/rpc.ts';
import type { SkillHost } from '../../../../packages/core/src/skill-host.ts';
import type { RecordedLine } from '../../recording.ts';

interface Task {
  readonly port: MessagePort;
  readonly file: string;
  readonly beginMs: number;
  readonly samples: number;
  readonly everyMs: number;
  readonly skills: readonly string[];
}

const ANSWER_MS = 15_000;
type Callback = (...args: JsonValue[]) => Promise<JsonValue>;
const AsyncFunction = (async () => undefined).constructor as new (
  ...parts: string[]
) => (...callbacks: Callback[]) => Promise<JsonValue>;

const { port, file, beginMs, samples, everyMs, skills } = workerData as Task;
const { remote, close } = connectRpc<SkillHost>(port, { peer: 'the recorder', timeoutMs: ANSWER_MS });
const write = (line: RecordedLine): void => appendFileSync(file, `${JSON.stringify(line)}\n`);

async function sample(skill: string): Promise<JsonObject | undefined> {
  try {
    const data = await remote.snapshot(skill);
    write({ skill, atMs: Date.now(), data });
    return data;
  } catch {
    // Main did not answer in time: there is no sample of that moment, as in operation.
    return undefined;
  }
}

/** What a callback says; each answer is recorded once. */
function recorded(skill: string, callback: string, known: Set<string>): Callback {
  return async (...args) => {
    const key = JSON.stringify([callback, args]);
    const told = (answer: { readonly value: JsonValue } | { readonly error: string }): void => {
      if (!known.has(key)) write({ skill, callback, args, ...answer });
      known.add(key);
    };
    try {
      const value = await remote.call(skill, callback, args, { maxPauseMs: 250 });
      told({ value });
      return value;
    } catch (error) {
      told({ error: reasonOf(error) });
      throw error;
    }
  };
}

async function interrogate(skill: string): Promise<void> {
  const known = new Set<string>();
  const { callbacks } = await remote.describe(skill);
  const data = await sample(skill);
  const functions = callbacks.map(({ name }) => recorded(skill, name, known));
  const names = callbacks.map(({ name }) => name);
  for (const { investigate } of data === undefined ? [] : await remote.check(skill, data, []))
    await new AsyncFunction(...names, investigate)(...functions).catch(() => undefined);
  for (const { name, params } of callbacks)
    if (params.every(({ optional }) => optional)) await recorded(skill, name, known)().catch(() => undefined);
}

await delay(beginMs);
const beganMs = performance.now();
for (let count = 1; count <= samples; count += 1) {
  for (const skill of skills) await sample(skill);
  await delay(Math.max(0, beganMs + count * everyMs - performance.now()));
}
for (const skill of skills) await interrogate(skill);
close();
