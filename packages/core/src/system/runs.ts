// What runs need and attaching does not: the hosts and the coordinator of a running system. Loaded with
// all that stands below it at the first run, so that a system which only records costs main none of it.
import type { MessagePort } from 'node:worker_threads';
import type { Host } from '../actor/hosts/host.ts';
import { createInProcessHost } from '../actor/hosts/in-process-host.ts';
import { connectHost } from '../actor/hosts/remote-host.ts';
import type { ServiceName } from '../actor/hosts/services.ts';
import { createDeadLetterReport } from '../actor/messages/dead-letters.ts';
import type { TreeNode } from '../actor/supervision/tree.ts';
import { fail } from '../errors.ts';
import { resolvePlans } from '../operator/plan.ts';
import { isSkillSpec, type SkillInput } from '../skill.ts';
import type { LensEvent } from '../telemetry/events.ts';
import { type CoordinatorHandle, createCoordinatorHandle } from './coordinator-handle.ts';
import { createOperatorHandle, type OperatorHandle } from './operator-handle.ts';
import type { Planned } from './plan-operators.ts';
import { createReplacement } from './replacement.ts';
import { askResidents } from './residents-client.ts';
import { createRoom } from './room.ts';
import type { SkillAccess } from './skill-access.ts';

export interface RunsOptions {
  readonly planned: Planned;
  readonly skills: SkillAccess;
  /** A port to a service, wherever it is served. */
  readonly port: (service: ServiceName) => MessagePort;
  readonly onEvent: (event: LensEvent) => void;
  /** @throws NodelensError `lens_stopped` */
  readonly assertRunning: () => void;
  /** Resolves while the recorder is ready, or when it is again. */
  readonly recorderReady: () => Promise<void>;
  /** Operators have another version than at the start. */
  readonly onReplaced: (now: Pick<Planned, 'plans' | 'recorderSkills'>) => void;
  /** What `nodes()` tells is different now. */
  readonly onChange: () => void;
}

export interface Runs {
  readonly coordinator: CoordinatorHandle;
  readonly operator: OperatorHandle;
  /** The coordinator, as far as there is one. */
  nodes(): readonly TreeNode[];
  /** Cancels what runs and ends its actors. */
  stop(): Promise<void>;
}

export function createRuns(options: RunsOptions): Runs {
  const { planned, skills, port, onEvent, assertRunning, onChange } = options;
  const deadLetters = createDeadLetterReport(onEvent);
  const local = createInProcessHost({ onDeadLetter: deadLetters.report });
  const plans = [...planned.plans];
  const { model } = planned;
  const assertRoom = createRoom(() => port('memory'));
  let launcher: Host | undefined;
  const stopping = Promise.withResolvers<never>();
  stopping.promise.catch(() => undefined);
  const onLauncher = (): Host => {
    launcher ??= connectHost(() => port('launcher'), { onDeadLetter: deadLetters.report });
    return launcher;
  };
  const coordinator = createCoordinatorHandle({
    host: local,
    ports: () => ({
      launcher: port('launcher'),
      store: port('store'),
      models: port('models'),
      ...(planned.liveModel && { 'main-model': port('main-model') }),
    }),
    specs: () => resolvePlans(plans, skills.describe),
    model,
    strategy: planned.strategy,
    onEvent,
    assertRunning,
    assertRoom,
    onChange,
  });
  const inUse = new Map<string, SkillInput>(
    [...planned.recorderSkills, ...planned.mainSkills].map((skill) => [skill.id, skill]),
  );
  const replace = createReplacement({
    plans,
    skills: inUse,
    describe: skills.describe,
    replaceSkill: skills.replace,
    async replaceResident(plan, isSameSkill) {
      await Promise.race([options.recorderReady(), stopping.promise]);
      await askResidents(
        () => port('residents'),
        (desk) => desk.replace(plan, isSameSkill),
      );
    },
    async onReplaced() {
      options.onReplaced({ plans, recorderSkills: [...inUse.values()].filter(isSkillSpec) });
      await coordinator.renew();
    },
    onEvent,
  });
  return {
    coordinator,
    operator: createOperatorHandle({
      host: async () => onLauncher(),
      plans,
      model,
      describe: skills.describe,
      load: skills.load,
      onEvent,
      assertRunning,
      assertRoom,
      replace,
    }),
    nodes: () => [coordinator.node()].filter((node) => node !== undefined),
    async stop() {
      stopping.reject(fail('lens_stopped'));
      // None of them needs another for its end.
      await Promise.all([local.close(), launcher?.close()]);
      deadLetters.close();
    },
  };
}
