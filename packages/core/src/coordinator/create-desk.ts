// The desk of one investigation: state, operators and news, wired to events.
import type { Clock } from '../actor/clock.ts';
import { untilAborted } from '../agent/abort.ts';
import type { OperatorEvent, OperatorRunResult } from '../operator/spec.ts';
import type { CoordinatorDesk, FollowUp } from './desk.ts';
import { createFleet } from './fleet.ts';
import type { InvestigationOptions } from './investigation.ts';
import { type InvestigationChange, type InvestigationState, initialState, reduce } from './state.ts';

/** An operator's deadline ends this much before the investigation's, so that its findings can be correlated. */
const RESERVE_MS = 10_000;
const RESERVE_SHARE = 0.2;

/** @param deadlineMs wall-clock ms. */
export function createDesk(
  options: InvestigationOptions,
  deadlineMs: number,
  onSchedule: (followUp: FollowUp) => void,
): CoordinatorDesk {
  const { id: investigationId, clock, request, emit } = options;
  const bell = createBell(clock);
  let state: InvestigationState = initialState;
  const apply = (change: InvestigationChange): void => {
    state = reduce(state, change);
    options.onProgress(state);
    if (state.news.length > 0) bell.ring();
  };
  const fleet = createFleet({
    host: options.host,
    investigationId,
    ...(request.maxPauseMs !== undefined && { maxPauseMs: request.maxPauseMs }),
    ...operatorListeners(options, apply),
  });
  return {
    investigationId,
    clock,
    operators: options.operators,
    fleet,
    canSchedule: options.canSchedule,
    state: () => state,
    apply,
    emit,
    newsWithin: async (ms, signal) => {
      if (state.news.length === 0) await bell.within(ms, signal);
    },
    start: (spec, reason = request.reason) => {
      const startedAt = new Date(clock.now()).toISOString();
      apply({ type: 'operator.started', operator: { name: spec.name, skill: spec.skill.id, startedAt } });
      emit({ type: 'operator.started', investigationId, operator: spec.name });
      const context = { ...request.context, reason };
      fleet.start(spec, { context, timeoutMs: operatorTimeout(deadlineMs - clock.now()) });
    },
    schedule: onSchedule,
  };
}

function operatorListeners(
  { id: investigationId, emit }: InvestigationOptions,
  apply: (change: InvestigationChange) => void,
): { onEvent: (event: OperatorEvent) => void; onEnded: (result: OperatorRunResult) => void } {
  return {
    onEvent: (event) => {
      if (event.type === 'operator.notification')
        apply({ type: 'notification.received', notification: event.notification });
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
