// The operator's way to its skill: every call has a deadline, ends when the run ends, and says what it means when
// the thread that hosts the skill does not answer.
import type { PortSource } from '../actor/hosts/services.ts';
import { fail, isError } from '../errors.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import type { Knowledge } from '../llm/briefing.ts';
import { connectRpc } from '../rpc.ts';
import type { SkillDescriptor, SkillHost } from '../skill-host.ts';

/** Time on top of a callback's own deadline, so that the host's typed error arrives before ours. */
const SLACK_MS = 2_000;
const SNAPSHOT_MS = 5_000;

export interface SkillAccess {
  readonly descriptor: SkillDescriptor;
  snapshot(): Promise<JsonObject>;
  /** @throws NodelensError `skill_*`, `rpc_*`, `pause_refused`. */
  call(callback: string, args: readonly JsonValue[]): Promise<JsonValue>;
  readonly knowledge: Knowledge;
  close(): void;
}

/** @param maxPauseMs what every call may cost main, in ms. */
export function connectSkill(
  source: PortSource,
  descriptor: SkillDescriptor,
  maxPauseMs: number,
): SkillAccess {
  const deadlines = new Map(descriptor.callbacks.map(({ name, timeoutMs }) => [name, timeoutMs]));
  const client = connectRpc<SkillHost>(source, {
    peer: descriptor.host,
    timeoutMs: SNAPSHOT_MS + SLACK_MS,
    timeoutOf: (method, args) => {
      const own = method === 'call' ? deadlines.get(String(args[1])) : undefined;
      return own === undefined ? undefined : own + SLACK_MS;
    },
  });
  const host = client.remote;
  const { id } = descriptor;
  return {
    descriptor,
    snapshot: () => answered(descriptor, 'The snapshot', host.snapshot(id)),
    call: (callback, args) => {
      const timeoutMs = deadlines.get(callback);
      const grant = { maxPauseMs, ...(timeoutMs !== undefined && { timeoutMs }) };
      return answered(descriptor, callback, host.call(id, callback, args, grant));
    },
    knowledge: {
      check: (snapshot, history) => host.check(id, snapshot, history),
      conclude: async (checkId, evidence, finding) =>
        (await host.conclude(id, checkId, evidence, finding)) ?? undefined,
    },
    close: client.close,
  };
}

/** A main thread that does not even answer with a timeout of its own is blocked: that is evidence, and is said. */
async function answered<T>(skill: SkillDescriptor, callback: string, call: Promise<T>): Promise<T> {
  const startedAt = performance.now();
  try {
    return await call;
  } catch (error) {
    if (skill.host !== 'main' || !isError(error, 'rpc_timeout')) throw error;
    const waitedMs = Math.round(performance.now() - startedAt);
    const data = { callback, timeoutMs: waitedMs, blockedMs: waitedMs };
    throw fail('skill_main_blocked', data, { cause: error });
  }
}
