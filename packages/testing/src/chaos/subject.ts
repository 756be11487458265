// Nodelens inside the service of a chaos run: attached, acted on, checked and detached as the harness says.
import { eventDocs, type LensEventType, Nodelens, type OperatorOptions, triage } from '@nodelens/core';
import * as skills from '@nodelens/skills-builtin';
import { openChannel, type ThreadChannel } from './channel.ts';
import { chaosModel } from './chaos-model.ts';
import { chaosSkill, createMainSkill, type MainSkill } from './chaos-skill.ts';
import type { SoftFault } from './faults.ts';
import { checkAll, performRun } from './runs.ts';
import type { Action } from './schedule.ts';
import type { ServiceReport } from './wire.ts';

/** Continuous operators that can be made to fail; a third one is triage over a built-in skill. */
export const CONTINUOUS = ['watch-a', 'watch-b'] as const;
/** Each of them is at work for about half of the time: between its rounds it has no thread to hit. */
const ROUND_MS = 1_000;
/** Told one by one; all others are counted only. */
const TOLD: readonly LensEventType[] = [
  'recorder.exited',
  'recorder.restarted',
  'operator.restarted',
  'supervisor.gave_up',
];

export interface Subject {
  attach(): Promise<string | undefined>;
  act(action: Action): void;
  check(): Promise<readonly string[]>;
  /** Resolves with how long the stop took, in ms. */
  detach(): Promise<number>;
  /** Events since the last call. */
  takeEvents(): Record<string, number>;
}

export function createSubject(report: (message: ServiceReport) => void): Subject {
  const shop = createMainSkill();
  let events: Record<string, number> = {};
  let lens: Nodelens | undefined;
  let channel: ThreadChannel | undefined;
  const onEvent = (type: LensEventType, event: object): void => {
    events[type] = (events[type] ?? 0) + 1;
    const told = toldOf(type, event);
    if (told !== undefined) report({ type: 'event', event: { ...told, type } });
  };
  return {
    async attach() {
      channel = openChannel();
      channel.listen((message) => message.type !== 'order' && report({ type: 'thread', message }));
      lens = await Nodelens.start({ model: chaosModel(), operators: operatorsWith(shop) });
      for (const type of Object.keys(eventDocs) as LensEventType[])
        lens.on(type, (event) => onEvent(type, event));
      return controlPathOf(lens);
    },
    act(action) {
      if (lens === undefined || channel === undefined) return;
      if (action.type === 'fault') inject(action, { channel, shop });
      else void performRun(lens, action).then((run) => report({ type: 'settled', run }));
    },
    check: async () => (lens === undefined ? ['nothing is attached'] : checkAll(lens)),
    async detach() {
      const startedAt = performance.now();
      await lens?.stop();
      channel?.close();
      return performance.now() - startedAt;
    },
    takeEvents() {
      const taken = events;
      events = {};
      return taken;
    },
  };
}

/** All built-in skills work in it, and beside them those that are made to fail. */
const operatorsWith = (shop: MainSkill): OperatorOptions[] => [
  ...Object.values(skills).map((skill): OperatorOptions => ({ skill: skill(), model: triage() })),
  // Not named as its skill: that would let investigations start the continuous ones on pooled threads.
  { name: 'chaos-once', skill: chaosSkill() },
  { skill: shop.skill },
  { name: 'watch-runtime', skill: skills.runtime(), mode: 'continuous', model: triage(), ...watching },
  ...CONTINUOUS.map(
    (name): OperatorOptions => ({
      name,
      skill: chaosSkill(),
      mode: 'continuous',
      model: chaosModel(name),
      ...watching,
    }),
  ),
];
/** Their rounds are the signs of life. */
const watching = { gate: 'always', limits: { roundEveryMs: ROUND_MS } } as const;

/** It listens soon after the start. */
async function controlPathOf(lens: Nodelens): Promise<string | undefined> {
  for (let looks = 0; looks < 50 && lens.controlPath === undefined; looks += 1)
    await new Promise((resolve) => setTimeout(resolve, 20));
  return lens.controlPath;
}

function inject(
  action: Extract<Action, { type: 'fault' }>,
  { channel, shop }: { channel: ThreadChannel; shop: MainSkill },
): void {
  const { id, place, fault, operator } = action;
  if (place === 'main-skill') shop.disturb({ fault: fault as SoftFault, variant: id });
  else channel.tell({ type: 'order', to: operator ?? place, id, fault });
}

function toldOf(type: LensEventType, event: object): Record<string, string | boolean> | undefined {
  if (TOLD.includes(type)) {
    const { operator = '', willRestart = true, error } = event as Record<string, unknown>;
    const message = (error as { message?: string } | undefined)?.message ?? '';
    return { operator: String(operator), willRestart: willRestart === true, message };
  }
  const { operator, notification, insight } = event as Record<
    string,
    { id: string; investigationId: string }
  >;
  if (type === 'operator.notification') return told(notification);
  if (type === 'insight.produced') return told(insight);
  // Signs of life of the continuous ones.
  const isAlive = type === 'operator.step' && String(operator).startsWith('watch-');
  return isAlive ? { operator: String(operator) } : undefined;
}

const told = (finding: { id: string; investigationId: string } | undefined): Record<string, string> => ({
  id: finding?.id ?? '',
  investigationId: finding?.investigationId ?? '',
});
