// A fixture service in a process of its own, and the checks of a skill run against it as an operator would.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setPriority } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Conclusion, JsonObject, JsonValue } from '@nodelens/core';
import { onTestFinished } from 'vitest';
import type { CheckFinding } from '../../core/src/check-finding.ts';
import { fromWire } from '../../core/src/errors.ts';
import type { SkillDescriptor } from '../../core/src/skill-host.ts';

export interface Service {
  /** Asks main of the service to do something. */
  start(ask: string): void;
  snapshot(skill: string): Promise<JsonObject>;
  describe(skill: string): Promise<SkillDescriptor>;
  call<T = JsonObject>(
    skill: string,
    callback: string,
    args?: readonly JsonValue[],
    maxPauseMs?: number,
  ): Promise<T>;
  /** Repeats `call` until its answer satisfies `is`. */
  callUntil<T>(skill: string, callback: string, is: (answer: T) => boolean): Promise<T>;
  /**
   * Gives main most of a core on a busy machine too, where this process may do that: for what needs one. The tests
   * beside it get the rest.
   */
  favour(): void;
  /** Snapshot, checks, scripts, conclusions: once. */
  diagnose(skill: string): Promise<readonly Diagnosis[]>;
  /** Repeats `diagnose` until it concludes something (that satisfies `is`); the test's timeout ends it. */
  diagnosed(skill: string, is?: (diagnosis: Diagnosis) => boolean): Promise<Diagnosis>;
  /** Repeats `snapshot` until it satisfies `is`. */
  until(skill: string, is: (snapshot: JsonObject) => boolean): Promise<JsonObject>;
}

export interface Diagnosis {
  readonly checkId: string;
  readonly conclusion: Conclusion;
}

const SERVICE = fileURLToPath(new URL('./fixtures/service.ts', import.meta.url));
type Function = (...args: unknown[]) => Promise<JsonValue>;
const AsyncFunction = (async () => undefined).constructor as new (...parts: string[]) => Function;

/** @param skills names of exports of the package; default: runtime, gc and collections */
export async function startService(
  behaviour: string,
  execArgv: readonly string[] = [],
  skills: readonly string[] = ['runtime', 'gc', 'collections'],
): Promise<Service> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const connected = once(server, 'connection') as Promise<[Socket]>;
  const { NODE_V8_COVERAGE: _, ...env } = process.env;
  const child = fork(SERVICE, [behaviour, String((server.address() as AddressInfo).port), skills.join(',')], {
    execArgv: ['--conditions=@nodelens/source', ...execArgv],
    env,
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    server.close();
  });
  await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) =>
      Promise.reject(new Error(`The service ended with ${code} before it was ready.`)),
    ),
  ]);
  const [socket] = await connected;
  socket.on('error', () => {});
  const ask = askOver(socket);
  const service: Service = {
    start: (what) => void child.send(what),
    favour() {
      try {
        setPriority(child.pid ?? 0, -8);
      } catch {
        // Without the right the test depends on the machine, as before.
      }
    },
    snapshot: (skill) => ask('snapshot', skill),
    describe: (skill) => ask('describe', skill),
    call: (skill, callback, args = [], maxPauseMs = 250) =>
      ask('call', skill, callback, args, { maxPauseMs }),
    async callUntil<T>(skill: string, callback: string, is: (answer: T) => boolean) {
      for (;;) {
        const answer = await service.call<T>(skill, callback);
        if (is(answer)) return answer;
        await between();
      }
    },
    diagnose: (skill) => diagnose(ask, skill),
    async diagnosed(skill, is = () => true) {
      for (;;) {
        const found = (await service.diagnose(skill)).find(is);
        if (found !== undefined) return found;
        await between();
      }
    },
    async until(skill, is) {
      for (;;) {
        const snapshot = await service.snapshot(skill);
        if (is(snapshot)) return snapshot;
        await between();
      }
    },
  };
  return service;
}

/** Asking without a break would take the CPU from the service. */
const between = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));

type Ask = <T>(method: string, ...args: unknown[]) => Promise<T>;

async function diagnose(ask: Ask, skill: string): Promise<readonly Diagnosis[]> {
  const { callbacks } = await ask<SkillDescriptor>('describe', skill);
  const names = callbacks.map(({ name }) => name);
  const functions = names.map(
    (name) =>
      (...args: unknown[]) =>
        ask('call', skill, name, args, {}),
  );
  const snapshot = await ask<JsonObject>('snapshot', skill);
  const diagnoses: Diagnosis[] = [];
  for (const { checkId, investigate, finding } of await ask<CheckFinding[]>('check', skill, snapshot, [])) {
    const evidence = await new AsyncFunction(...names, investigate)(...functions);
    const conclusion = await ask<Conclusion | null>('conclude', skill, checkId, evidence, finding);
    if (conclusion !== null) diagnoses.push({ checkId, conclusion });
  }
  return diagnoses;
}

interface Reply {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: { name: string; message: string };
}

function askOver(socket: Socket): Ask {
  const pending = new Map<number, PromiseWithResolvers<unknown>>();
  let last = 0;
  // The service is killed at the end of its test.
  const lines = createInterface({ input: socket }).on('error', () => {});
  lines.on('line', (line) => {
    const { id, value, error } = JSON.parse(line) as Reply;
    if (error === undefined) pending.get(id)?.resolve(value);
    else pending.get(id)?.reject(fromWire(error));
  });
  return async <T>(method: string, ...args: unknown[]): Promise<T> => {
    last += 1;
    const reply = Promise.withResolvers<unknown>();
    pending.set(last, reply);
    socket.write(`${JSON.stringify({ id: last, method, args })}\n`);
    return (await reply.promise) as T;
  };
}
