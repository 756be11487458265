// The coordinator as an actor: investigations one after the other, each with its own deadline, cancelled with its
// asker; and follow-ups that it was asked to make later. One investigation is investigation.ts.
import type { Actor, ActorContext } from '../actor/actor.ts';
import { connectHost } from '../actor/remote-host.ts';
import { modelOf, portOf } from '../agent/services.ts';
import { fail } from '../errors.ts';
import { randomId } from '../ids.ts';
import { asJson, type JsonObject, type JsonValue } from '../json.ts';
import type { Model } from '../llm/model.ts';
import { type Investigated, investigate } from './investigation.ts';
import { createQueue, type Job } from './queue.ts';
import { assertUniqueNames, availableOperators, DEFAULT_TIMEOUT_MS, validateRequest } from './request.ts';
import type { CoordinatorCommand, CoordinatorInput } from './spec.ts';
import { type InvestigationState, initialState } from './state.ts';

/** Follow-ups in a row that no asker came between. */
const MAX_FOLLOW_UPS = 3;

/**
 * ActorModule; its input is a CoordinatorInput. Services in `context.ports`: `launcher`, where operators are started,
 * and `main-model` for a live model.
 * @throws NodelensError `operator_duplicate`, `actor_start_failed` when a service is missing.
 */
export function createCoordinator(input: JsonObject, context: ActorContext): Actor {
  const { operators, model: choice, limits } = input as unknown as CoordinatorInput;
  const { clock, ports, id: actorId } = context;
  assertUniqueNames(operators);
  const host = connectHost(portOf(ports, 'launcher', actorId), { clock });
  let model: Promise<Model> | undefined;
  let progress: InvestigationState = initialState;
  let cancelFollowUp = (): void => {};

  const perform = async (job: Job): Promise<Investigated> => {
    const { request } = job;
    const timeoutMs = request.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const disarm = clock.after(timeoutMs, () => job.end(fail('run_deadline_exceeded', { timeoutMs })));
    const investigated = await investigate({
      id: job.id,
      request,
      operators: availableOperators(operators, request.skills),
      limits,
      model: () => {
        model ??= modelOf(choice, ports, actorId);
        model.catch(() => {
          model = undefined;
        });
        return model;
      },
      modelName: choice.name,
      host,
      clock,
      timeoutMs,
      canSchedule: job.followUps < MAX_FOLLOW_UPS,
      signal: job.signal,
      emit: (event) => context.emit(asJson(event)),
      onProgress: (state) => {
        progress = state;
      },
    });
    disarm();
    if (investigated.followUp !== undefined) followUpLater(job, investigated.followUp);
    return investigated;
  };
  const queue = createQueue({ perform, clock, maxQueued: limits.maxQueued });

  const followUpLater = (job: Job, { ms, reason }: { ms: number; reason: string }): void => {
    const { id: _, ...rest } = job.request;
    cancelFollowUp = clock.after(ms, () => {
      const followUp = { ...rest, reason };
      if (queue.isIdle()) void queue.add(followUp, { id: randomId(), followUps: job.followUps + 1 });
    });
  };

  const run = async (value: JsonValue | undefined, signal: AbortSignal): Promise<JsonValue> => {
    const request = validateRequest(value);
    availableOperators(operators, request.skills);
    cancelFollowUp();
    const result = queue.add(request, { id: request.id ?? randomId(), followUps: 0, signal });
    return asJson(await result);
  };

  return {
    receive: (message, { signal }) => {
      const command = message as unknown as CoordinatorCommand;
      switch (command.type) {
        case 'coordinator.run':
          return run((message as JsonObject).request, signal);
        case 'coordinator.cancel':
          queue.cancel(command.reason, command.investigationId);
          return undefined;
        case 'coordinator.status':
          return status(queue.isIdle() ? initialState : progress, queue);
        default:
          command satisfies never;
          throw fail('option_invalid', { option: 'type', reason: 'it is no command of a coordinator.' });
      }
    },
    stop: async () => {
      cancelFollowUp();
      queue.cancel('the coordinator was stopped');
      await queue.settled();
      await host.close();
    },
  };
}

const status = (
  { entries, iteration }: InvestigationState,
  queue: ReturnType<typeof createQueue>,
): JsonValue => ({
  running: !queue.isIdle(),
  queued: queue.waiting(),
  iteration,
  notificationCount: entries.length,
  unreadCount: entries.filter((entry) => entry.status === 'unread').length,
});
