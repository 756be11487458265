// What can be told of a run from outside, by who follows its events: the result of an operator that died without one.
import { describeExit, type ExitReason } from '../actor/exit.ts';
import { noCalls } from '../agent/meter.ts';
import { fail, fromWire, isError, toWire } from '../errors.ts';
import { type HealthState, type Notification, type OperatorStatus, statusOfAbort } from './notification.ts';
import type { OperatorEvent, OperatorInput, OperatorRunResult } from './spec.ts';

export interface RunWatch {
  note(event: OperatorEvent): void;
  /** It has told its result itself. */
  isCompleted(): boolean;
  /** The result of an operator that ended without one. */
  diedOf(error: unknown, signal: AbortSignal): OperatorRunResult;
}

export function watchRun({
  spec,
  investigationId,
}: Pick<OperatorInput, 'spec' | 'investigationId'>): RunWatch {
  const startedAt = performance.now();
  const notifications: Notification[] = [];
  let state: HealthState = 'healthy';
  let iterations = 0;
  let isCompleted = false;
  return {
    isCompleted: () => isCompleted,
    note: (event) => {
      if (event.type === 'operator.completed') isCompleted = true;
      if (event.type === 'operator.notification') notifications.push(event.notification);
      if (event.type === 'operator.state_changed') state = event.state;
      if (event.type === 'operator.step') iterations = event.iteration;
    },
    diedOf: (error, signal) => ({
      investigationId,
      operator: spec.name,
      skill: spec.skill.id,
      state,
      status: signal.aborted ? statusOfAbort(signal.reason) : statusOf(error),
      error: toWire(signal.aborted && isError(signal.reason) ? signal.reason : error),
      iterations,
      durationMs: Math.round(performance.now() - startedAt),
      notifications,
      snapshots: notifications.flatMap((notification) => notification.snapshots),
      usage: noCalls,
    }),
  };
}

/** Its time was over before a thread was free. */
const statusOf = (error: unknown): OperatorStatus =>
  isError(error, 'actor_queue_deadline') ? 'deadline_exceeded' : 'failed';

export function exitError(id: string, reason: ExitReason): Error {
  const cause = 'error' in reason && reason.error !== undefined ? fromWire(reason.error) : undefined;
  return fail('actor_exited', { id, reason: describeExit(reason) }, { cause });
}
