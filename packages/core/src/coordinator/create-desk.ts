// The desk of one investigation: state, operators and news, wired to events.
import { untilAborted } from '../agent/abort.ts';
import type { OperatorRunResult } from '../operator/spec.ts';
import type { CoordinatorDesk, FollowUp } from './desk.ts';
import { createFleet } from './fleet.ts';
import type { InvestigationOptions } from './investigation.ts';
import { type InvestigationChange, type InvestigationState, initialState, reduce } from './state.ts';

/** An operator's deadline ends this much before the investigation's, so that its findings can be correlated. */
const RESERVE_MS = 10_000;
const RESERVE_SHARE = 0.2;

export function createDesk(
  options: InvestigationOptions,
  deadlineMs: number,
  onSchedule: (followUp: FollowUp) => void,
): CoordinatorDesk {
  const { id: investigationId, clock, request, emit } = options;
  const waiting = new Set<() => void>();
  let state: InvestigationState = initialState;
  const apply = (change: InvestigationChange): void => {
    state = reduce(state, change);
    options.onProgress(state);
    if (state.news.length > 0) for (const wake of [...waiting]) wake();
  };
  const ended = (result: OperatorRunResult): void => {
    apply({ type: 'operator.ended', result });
    if (result.status !== 'failed') return;
    const message = result.error?.message ?? 'no reason given';
    emit({ type: 'operator.failed', investigationId, operator: result.operator, message });
  };
  const fleet = createFleet({
    host: options.host,
    investigationId,
    ...(request.maxPauseMs !== undefined && { maxPauseMs: request.maxPauseMs }),
    onEvent: (event) => {
      if (event.type === 'operator.notification')
        apply({ type: 'notification.received', notification: event.notification });
      emit({ ...event, investigationId });
    },
    onEnded: ended,
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
      if (state.news.length > 0) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.add(resolve);
      const disarm = clock.after(ms, resolve);
      try {
        await untilAborted(promise, signal);
      } finally {
        waiting.delete(resolve);
        disarm();
      }
    },
    start: (spec, reason = request.reason) => {
      const startedAt = new Date(clock.now()).toISOString();
      apply({ type: 'operator.started', operator: { name: spec.name, skill: spec.skill.id, startedAt } });
      emit({ type: 'operator.started', investigationId, operator: spec.name });
      fleet.start(spec, { reason, timeoutMs: operatorTimeout(deadlineMs - clock.now()) });
    },
    schedule: onSchedule,
  };
}

const operatorTimeout = (remainingMs: number): number =>
  Math.max(1, Math.round(remainingMs - Math.min(RESERVE_MS, remainingMs * RESERVE_SHARE)));
