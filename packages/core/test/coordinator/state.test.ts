import { expect, test } from 'vitest';
import { type InvestigationState, initialState, reduce } from '../../src/coordinator/state.ts';
import type { Notification } from '../../src/operator/notification.ts';
import type { OperatorRunResult } from '../../src/operator/spec.ts';

const notification = { id: 'n1', operator: 'gc', type: 'gc.churn', severity: 'warning' } as Notification;

const result = (overrides: Partial<OperatorRunResult>): OperatorRunResult => ({
  investigationId: 'i',
  operator: 'gc',
  skill: 'gc',
  state: 'healthy',
  status: 'completed',
  iterations: 1,
  durationMs: 1,
  notifications: [],
  snapshots: [],
  usage: { calls: 0, inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 },
  ...overrides,
});

const received = reduce(initialState, { type: 'notification.received', notification });

test('a notification that is delivered twice keeps its status and is no news', () => {
  const seen = reduce(received, { type: 'statuses.updated', ids: ['n1'], status: 'acknowledged' });
  const told = reduce(seen, { type: 'news.told' });
  const again = reduce(told, { type: 'operator.ended', result: result({ notifications: [notification] }) });
  expect(again.entries).toEqual([{ notification, status: 'acknowledged' }]);
  expect(again.news).toEqual(['Operator gc has completed: health healthy, 1 notifications.']);
});

test('a notification that only came with the result is news', () => {
  const ended = reduce(initialState, {
    type: 'operator.ended',
    result: result({ notifications: [notification] }),
  });
  expect(ended.entries).toEqual([{ notification, status: 'unread' }]);
  expect(ended.news[0]).toContain('New notification n1 of gc: gc.churn (warning)');
});

test('an operator that did not complete is not told as one that found nothing', () => {
  const error = { name: 'NodelensError', message: 'out of memory' };
  const ended = reduce(initialState, { type: 'operator.ended', result: result({ status: 'failed', error }) });
  expect(ended.news[0]).toMatch(/did NOT complete \(failed: out of memory\)/);
});

test('an operator may run again after it has ended; only its latest run is running', () => {
  const operator = { name: 'gc', skill: 'gc', startedAt: '' };
  const runs: InvestigationState = [
    { type: 'operator.started' as const, operator },
    { type: 'operator.ended' as const, result: result({}) },
    { type: 'operator.started' as const, operator },
  ].reduce(reduce, initialState);
  expect([runs.running.length, runs.finished.length]).toEqual([1, 1]);
});
