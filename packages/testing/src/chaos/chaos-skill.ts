// The skills of a chaos run: one that the recorder thread hosts, through which that thread and its launcher are made
// to fail, and one of a user, on main.
import { subscribe } from 'node:diagnostics_channel';
import { Worker } from 'node:worker_threads';
import {
  defineSkill,
  type JsonObject,
  type RecorderContext,
  type Skill,
  type SkillSpec,
} from '@nodelens/core';
import { openChannel } from './channel.ts';
import { isLethal, type LauncherFault, type SoftFault } from './faults.ts';
import { type Misbehaviour, misbehavingSnapshot } from './misbehave.ts';
import { perform } from './perform.ts';

const FLOOD_MESSAGES = 5_000;

export const chaosSkill = (): SkillSpec => ({
  kind: 'skill-spec',
  id: 'chaos',
  module: import.meta.url,
  exportName: 'createChaosSkill',
  options: {},
});

/** SkillFactory, for the recorder thread. */
export function createChaosSkill(context: RecorderContext): Skill {
  const launcher = watchLauncher();
  const channel = openChannel();
  let next: Misbehaviour | undefined;
  channel.listen((message) => {
    if (message.type !== 'order' || (message.to !== 'recorder' && message.to !== 'launcher')) return;
    const { id, to, fault } = message;
    channel.tell({ type: 'begun', id, where: to, fault });
    if (isLethal(fault)) perform(fault);
    else if (to === 'launcher') hit(launcher(), fault as LauncherFault);
    else next = { fault: fault as SoftFault, variant: id };
  });
  return defineSkill({
    ...described('chaos'),
    snapshot: () => {
      const misbehaviour = next;
      next = undefined;
      const data = { beats: 72, pid: context.pid };
      return misbehaviour === undefined ? data : misbehavingSnapshot(misbehaviour, data);
    },
  });
}

export interface MainSkill {
  readonly skill: Skill;
  /** Its next snapshot is one that misbehaves. */
  disturb(misbehaviour: Misbehaviour): void;
}

export function createMainSkill(): MainSkill {
  let next: Misbehaviour | undefined;
  const snapshot = (): JsonObject | Promise<JsonObject> => {
    const misbehaviour = next;
    next = undefined;
    const data: JsonObject = { orders: 3 };
    return misbehaviour === undefined ? data : misbehavingSnapshot(misbehaviour, data);
  };
  return {
    skill: defineSkill({ ...described('shop'), snapshot }),
    disturb: (misbehaviour) => {
      next = misbehaviour;
    },
  };
}

const described = (id: string): Omit<Skill, 'snapshot'> => ({
  id,
  title: id,
  description: `Something that a chaos run can disturb (${id})`,
  systemPrompt: `You watch ${id}.`,
  callbacks: { [`${id}_rate`]: { description: 'A rate.', run: () => ({ rate: 72 }) } },
});

/** The thread that this one started under that name; no code of a user ever runs there. */
function watchLauncher(): () => Worker | undefined {
  let latest: Worker | undefined;
  subscribe('worker_threads', (message) => {
    const { worker } = message as { worker: Worker };
    if (worker instanceof Worker && worker.threadName?.includes('launcher')) latest = worker;
  });
  return () => latest;
}

function hit(launcher: Worker | undefined, fault: LauncherFault): void {
  switch (fault) {
    case 'terminated':
      void launcher?.terminate();
      return;
    case 'malformed-message':
      launcher?.postMessage(null);
      return;
    case 'message-flood':
      for (let sent = 0; sent < FLOOD_MESSAGES; sent += 1)
        launcher?.postMessage({ type: 'connect', service: 'no such service' });
      return;
    default:
      fault satisfies never;
  }
}
