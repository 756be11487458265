// Investigations that never touch main: a coordinator actor on a launcher thread, started by the recorder for each
// request of the control socket, so that a blocked main thread can neither delay nor lose one.

import type { Host } from '../actor/hosts/host.ts';
import type { ServiceName } from '../actor/hosts/services.ts';
import type { Headroom } from '../actor/limits/headroom.ts';
import { assertRoom, RUN_MB } from '../actor/limits/memory-need.ts';
import type { InvestigationResult } from '../coordinator/insight.ts';
import {
  type CoordinatorEvent,
  DEFAULT_INVESTIGATION_MS,
  defaultCoordinatorLimits,
  type InvestigationRequest,
} from '../coordinator/spec.ts';
import type { StrategyRef } from '../coordinator/strategy-ref.ts';
import { type Id, randomId } from '../ids.ts';
import { asJson, type JsonObject } from '../json.ts';
import type { ModelChoice, OperatorSpec } from '../operator/spec.ts';
import { workerUrl } from '../worker-url.ts';

/** The coordinator answers at its deadline with what it has; the ask must not give up before. */
const ANSWER_SLACK_MS = 15_000;

export interface StandInOptions {
  /** A host on the launcher; started when the first investigation needs it. */
  readonly host: () => Promise<Host>;
  readonly operators: () => Promise<readonly OperatorSpec[]>;
  readonly model: ModelChoice;
  /** Of all its investigations; the agent loop when undefined. */
  readonly strategy?: StrategyRef | undefined;
  /** Memory that may still be taken. Default: what the container and the machine have left. */
  readonly headroom?: Headroom;
}

export interface InvestigateOptions {
  readonly signal: AbortSignal;
  readonly onEvent: (event: CoordinatorEvent) => void;
}

export type Investigate = (
  request: InvestigationRequest,
  options: InvestigateOptions,
) => Promise<InvestigationResult>;

/** Investigations may overlap: each has a coordinator of its own. They reject with `memory_short` and start nothing then. */
export function createStandIn({ host, operators, headroom, ...choices }: StandInOptions): Investigate {
  const { model } = choices;
  return async (request, { signal, onEvent }) => {
    assertRoom(RUN_MB.fromSocket, headroom);
    const id: Id = request.id ?? randomId();
    const onLauncher = await host();
    const services: ServiceName[] = ['launcher', 'store', 'models'];
    if (model.kind === 'main-model') services.push('main-model');
    const ref = await onLauncher.start({
      id: `coordinator-${id}`,
      module: workerUrl('../coordinator/coordinator', import.meta.url).href,
      exportName: 'createCoordinator',
      input: asJson({
        operators: await operators(),
        ...choices,
        limits: defaultCoordinatorLimits,
        isForOneRun: true,
      }) as JsonObject,
      restart: 'temporary',
      placement: 'thread',
      services,
    });
    ref.onEvent((event) => onEvent(event as unknown as CoordinatorEvent));
    const cancel = (): void =>
      ref.tell({ type: 'coordinator.cancel', reason: 'its caller is gone', investigationId: id });
    try {
      const command = asJson({ type: 'coordinator.run', request: { ...request, id } });
      const timeoutMs = (request.timeoutMs ?? DEFAULT_INVESTIGATION_MS) + ANSWER_SLACK_MS;
      const answer = ref.ask(command, { timeoutMs });
      // After the ask: a cancel of what is not there yet has no effect. The caller may have gone while it started.
      if (signal.aborted) cancel();
      signal.addEventListener('abort', cancel, { once: true });
      return (await answer) as unknown as InvestigationResult;
    } finally {
      signal.removeEventListener('abort', cancel);
      await onLauncher.stop(ref);
    }
  };
}
