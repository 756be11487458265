// The desk of one investigation: state, operators and news, wired to events.
import type { Clock } from '../actor/clock.ts';
import { untilAborted } from '../agent/abort.ts';
import type { OperatorEvent, OperatorRunResult } from '../operator/spec.ts';
import { redact } from '../redact.ts';
import type { CoordinatorDesk, FollowUp } from './desk.ts';
import { createFleet } from './fleet.ts';
import type { InvestigationOptions } from './investigation-options.ts';
import { type InvestigationChange, type InvestigationState, initialState, reduce } from './state.ts';

/** An operator's deadline ends this much before the investigation's, so that its findings can be correlated. */
const RESERVE_MS = 10_000;
const RESERVE_SHARE = 0.2;

/** What an investigation leaves beside its state. */
export interface Leaving {
  followUp?: FollowUp;
  answer?: string;
}

/** @param deadlineMs wall-clock ms. */
export function createDesk(
  options: InvestigationOptions,
  deadlineMs: number,
  leaving: Leaving,
): CoordinatorDesk {
  const { id: investigationId, clock, request, emit, operators, keeper, canSchedule } = options;
  const bell = createBell(clock);
  let state: InvestigationState = initialState;
  const apply = (change: InvestigationChange): void => {
    state = reduce(state, change);
    options.onProgress(state);
    if (state.news.length > 0) bell.ring();
  };
  const { maxPauseMs } = request;
  const listeners = operatorListeners(options, apply);
  const fleet = createFleet({ host: options.host, investigationId, maxPauseMs, ...listeners });
  return {
    investigationId,
    clock,
    operators,
    fleet,
    keeper,
    canSchedule,
    state: () => state,
    apply,
    emit,
    newsWithin: async (ms, signal) => {
      if (state.news.length === 0) await bell.within(ms, signal);
    },
    start: (spec, reason = request.reason) => {
      const { name, skill } = spec;
      const startedAt = new Date(clock.now()).toISOString();
      apply({ type: 'operator.started', operator: { name, skill: skill.id, startedAt } });
      emit({ type: 'operator.started', investigationId, operator: name });
      const timeoutMs = operatorTimeout(deadlineMs - clock.now());
      fleet.start(spec, { context: { ...request.context, reason }, timeoutMs });
    },
    schedule: (followUp) => {
      leaving.followUp = followUp;
    },
    answer: (text) => {
      leaving.answer = redact(text) as string;
    },
  };
}

function operatorListeners(
  { id: investigationId, emit, keeper }: InvestigationOptions,
  apply: (change: InvestigationChange) => void,
): { onEvent: (event: OperatorEvent) => void; onEnded: (result: OperatorRunResult) => void } {
  return {
    onEvent: (event) => {
      if (event.type === 'operator.notification') {
        const { notification, stored } = event;
        apply({ type: 'notification.received', notification });
        // Its operator may end before the store is back.
        if (stored === false) keeper.keepLater({ kind: 'notification', notification });
      }
      emit({ ...event, investigationId });
    },
    onEnded: (result) => {
      apply({ type: 'operator.ended', result });
      if (result.status !== 'failed') return;
      const message = result.error?.message ?? 'no reason given';
      emit({ type: 'operator.failed', investigationId, operator: result.operator, message });
    },
  };
}

interface Bell {
  ring(): void;
  /** Resolves at the next ring, at the latest after `ms`; rejects on abort. */
  within(ms: number, signal: AbortSignal): Promise<void>;
}

function createBell(clock: Clock): Bell {
  let next = Promise.withResolvers<void>();
  return {
    ring: () => {
      next.resolve();
      next = Promise.withResolvers();
    },
    within: async (ms, signal) => {
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const disarm = clock.after(ms, resolve);
      await untilAborted(Promise.race([next.promise, late]), signal).finally(disarm);
    },
  };
}

const operatorTimeout = (remainingMs: number): number =>
  Math.max(1, Math.round(remainingMs - Math.min(RESERVE_MS, remainingMs * RESERVE_SHARE)));
