// The coordinator as an actor: investigations one after the other, each with its own deadline, cancelled with its
// asker; and follow-ups that it was asked to make later. One investigation is investigation.ts.
import type { Actor, ActorContext } from '../actor/actor.ts';
import { connectHost } from '../actor/hosts/remote-host.ts';
import { createDeadLetterReport } from '../actor/messages/dead-letters.ts';
import { portOf } from '../agent/services.ts';
import { fail, toWire } from '../errors.ts';
import { randomId } from '../ids.ts';
import { asJson, type JsonObject, type JsonValue } from '../json.ts';
import type { OperatorSpec } from '../operator/spec.ts';
import { connectStore } from '../recorder/store/client.ts';
import { createModelSource } from '../spending/model-source.ts';
import type { LensEvent } from '../telemetry/events.ts';
import { stamped } from '../telemetry/stamp.ts';
import { createFollowUps, type FollowUps } from './follow-ups.ts';
import { type Investigated, investigate } from './investigation.ts';
import { loadStrategy } from './load-strategy.ts';
import { InvestigationQueue, type Job } from './queue.ts';
import { assertUniqueNames, availableOperators, validateRequest } from './request.ts';
import { type CoordinatorCommand, type CoordinatorInput, DEFAULT_INVESTIGATION_MS } from './spec.ts';
import { type InvestigationState, initialState } from './state.ts';
import { agentLoop } from './strategy-ref.ts';

/**
 * ActorModule; its input is a CoordinatorInput. Services in `context.ports`: `launcher`, where operators are started,
 * `store`, where insights are kept, and `main-model` for a live model.
 * @throws NodelensError `operator_duplicate`, `actor_start_failed` when a service is missing.
 */
export function createCoordinator(input: JsonObject, context: ActorContext): Actor {
  const parts = connectParts(input as unknown as CoordinatorInput, context);
  const { queue, followUps } = parts;
  return {
    receive: (message, { signal }) => {
      const command = message as unknown as CoordinatorCommand;
      switch (command.type) {
        case 'coordinator.run':
          return run(parts, (message as JsonObject).request, signal);
        case 'coordinator.cancel':
          queue.cancel(command.reason, command.investigationId);
          return undefined;
        case 'coordinator.operators':
          parts.operators = command.operators;
          return undefined;
        case 'coordinator.status':
          return status(parts);
        default:
          command satisfies never;
          throw fail('option_invalid', { option: 'type', reason: 'it is no command of a coordinator.' });
      }
    },
    stop: async () => {
      queue.cancel('the coordinator was stopped');
      await queue.settled();
      followUps.cancel();
      await parts.close();
    },
  };
}

/** Who the coordinator is where its calls are counted. */
const COORDINATOR = 'coordinator';

interface Parts {
  /** Of the next investigation. */
  operators: readonly OperatorSpec[];
  readonly queue: InvestigationQueue;
  readonly followUps: FollowUps;
  /** Of the running investigation. */
  readonly progress: () => InvestigationState;
  readonly close: () => Promise<void>;
}

function connectParts(input: CoordinatorInput, context: ActorContext): Parts {
  assertUniqueNames(input.operators);
  const { clock, ports, id } = context;
  const launcher = portOf(ports, 'launcher', id);
  const emit = (event: LensEvent): void => context.emit(asJson(stamped(event, clock.now())));
  const deadLetters = createDeadLetterReport(emit, clock);
  const host = connectHost(launcher, { clock, onDeadLetter: deadLetters.report });
  // Without its launcher it can start nobody: it answers what it was asked with what was found, and ends.
  launcher.once('close', () => context.exit({ kind: 'failed', error: toWire(fail('host_closed', { id })) }));
  const keeper = connectStore(ports.store, clock);
  /** The investigation that is led now. */
  let leading = '';
  const model = createModelSource(input.model, context, () => ({
    caller: COORDINATOR,
    investigationId: leading,
    runId: leading,
  }));
  let progress = initialState;
  const perform = async (job: Job): Promise<Investigated> => {
    leading = job.id;
    const timeoutMs = job.request.timeoutMs ?? DEFAULT_INVESTIGATION_MS;
    const disarm = clock.after(timeoutMs, () => job.end(fail('run_deadline_exceeded', { timeoutMs })));
    const investigated = await investigate({
      ...job,
      operators: availableOperators(parts.operators, job.request.skills),
      limits: input.limits,
      model: model.startRun,
      strategy: () => loadStrategy(job.request.strategy ?? input.strategy ?? agentLoop()),
      modelName: input.model.name,
      host,
      keeper,
      clock,
      timeoutMs,
      canSchedule: input.isForOneRun !== true && followUps.isAllowedAfter(job),
      emit,
      onProgress: (state) => {
        progress = state;
      },
    });
    disarm();
    if (investigated.followUp !== undefined) followUps.arm(job, investigated.followUp);
    return investigated;
  };
  const queue = new InvestigationQueue({ perform, clock, maxQueued: input.limits.maxQueued });
  const followUps = createFollowUps(clock, queue);
  const close = async (): Promise<void> => {
    keeper.close();
    model.close();
    await host.close();
    deadLetters.close();
  };
  const parts: Parts = { operators: input.operators, queue, followUps, progress: () => progress, close };
  return parts;
}

/** An asker's own investigation takes the place of a follow-up that waits. */
async function run(
  { operators, queue, followUps }: Parts,
  value: JsonValue | undefined,
  signal: AbortSignal,
): Promise<JsonValue> {
  const request = validateRequest(value);
  availableOperators(operators, request.skills);
  followUps.cancel();
  return asJson(await queue.add(request, { id: request.id ?? randomId(), followUps: 0, signal }));
}

function status({ queue, progress }: Parts): JsonValue {
  const { entries, iteration } = queue.isIdle ? initialState : progress();
  return {
    running: !queue.isIdle,
    queued: queue.waiting,
    iteration,
    notificationCount: entries.length,
    unreadCount: entries.filter((entry) => entry.status === 'unread').length,
  };
}
