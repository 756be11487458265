// What runs need and attaching does not: the hosts, the coordinator and the operators of a running system. Loaded with
// all that stands below it at the first run, so that a system which only records costs main none of it.
import type { MessagePort } from 'node:worker_threads';
import type { Host } from '../actor/host.ts';
import { createInProcessHost } from '../actor/in-process-host.ts';
import { connectHost } from '../actor/remote-host.ts';
import type { ServiceName } from '../actor/services.ts';
import type { Supervisor } from '../actor/supervisor.ts';
import { resolvePlans } from '../operator/plan.ts';
import type { LensEvent } from '../telemetry/events.ts';
import { startContinuous } from './continuous.ts';
import { type CoordinatorHandle, createCoordinatorHandle } from './coordinator-handle.ts';
import { createOperatorHandle, type OperatorHandle } from './operator-handle.ts';
import type { Planned } from './plan-operators.ts';
import { assertRoomFromMain } from './room.ts';
import type { SkillAccess } from './skill-access.ts';

export interface RunsOptions {
  readonly planned: Planned;
  readonly skills: SkillAccess;
  /** A port to a service, wherever it is served. */
  readonly port: (service: ServiceName) => MessagePort;
  readonly onEvent: (event: LensEvent) => void;
  /** @throws NodelensError `lens_stopped` */
  readonly assertRunning: () => void;
}

export interface Runs {
  readonly coordinator: CoordinatorHandle;
  readonly operator: OperatorHandle;
  /** Starts the continuous operators; resolves when all have started. @throws NodelensError `actor_start_failed` */
  startContinuous(): Promise<void>;
  /** Cancels what runs and ends its actors. */
  stop(): Promise<void>;
}

export function createRuns({ planned, skills, port, onEvent, assertRunning }: RunsOptions): Runs {
  const local = createInProcessHost();
  const { plans, model } = planned;
  const assertRoom = (): Promise<void> => assertRoomFromMain(port('memory'));
  let launcher: Host | undefined;
  let continuous: Supervisor | undefined;
  const onLauncher = (): Host => {
    launcher ??= connectHost(() => port('launcher'));
    return launcher;
  };
  return {
    coordinator: createCoordinatorHandle({
      host: local,
      ports: () => ({
        launcher: port('launcher'),
        store: port('store'),
        ...(planned.liveModel && { 'main-model': port('main-model') }),
      }),
      specs: () => resolvePlans(plans, skills.describe),
      model,
      onEvent,
      assertRunning,
      assertRoom,
    }),
    operator: createOperatorHandle({
      host: async () => onLauncher(),
      plans,
      model,
      describe: skills.describe,
      load: skills.load,
      onEvent,
      assertRunning,
      assertRoom,
    }),
    async startContinuous() {
      const specs = await resolvePlans(
        plans.filter(({ mode }) => mode === 'continuous'),
        skills.describe,
      );
      continuous = await startContinuous({ host: onLauncher(), specs, onEvent });
    },
    async stop() {
      // None of them needs another for its end.
      await Promise.all([continuous?.stop(), local.close(), launcher?.close()]);
    },
  };
}
