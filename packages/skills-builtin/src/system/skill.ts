// The skill `system` on the recorder thread: reads /proc, the cgroup files and the disks; asks main for nothing.
import type { JsonObject, RecorderContext, Skill } from '@nodelens/core';
import { systemCallbacks } from './callbacks.ts';
import { systemChecks, systemKeywords, systemPrompt } from './knowledge.ts';
import { createMachine, type Machine } from './machine.ts';
import { snapshotOf } from './snapshot.ts';
import { watchSystem } from './system.ts';

/** @param options `root`: folder that holds the machine's `proc` and `sys`; default `/` */
export const createSystemSkill = (context: RecorderContext, options: JsonObject): Skill =>
  systemSkill(context, createMachine(typeof options.root === 'string' ? options.root : '/'));

export function systemSkill(context: RecorderContext, machine: Machine): Skill {
  const system = watchSystem(machine, context);
  return {
    id: 'system',
    title: 'Machine and container',
    description:
      'The machine and the container around the process: CPU granted, throttled or taken by others, memory limits, disks, clock; names the process that takes the CPU or memory',
    systemPrompt,
    keywords: systemKeywords,
    snapshot: () => snapshotOf(system, context),
    callbacks: systemCallbacks(system, context),
    checks: systemChecks,
  };
}
