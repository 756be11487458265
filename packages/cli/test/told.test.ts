import type { ToldEvent, WatchEvent } from '@nodelens/core';
import { expect, test } from 'vitest';
import { colorsFor } from '../src/colors.ts';
import { renderTold } from '../src/told.ts';

const investigationId = 'a'.repeat(16);
const atMs = new Date(2026, 0, 2, 9, 5, 7, 40).getTime();
const operator = 'runtime';
const error = { name: 'NodelensError', code: 'model_overloaded', message: 'too\nbusy' };
const call = {
  type: 'model.called',
  investigationId,
  caller: operator,
  model: 'anthropic/claude-haiku-4-5',
  inputTokens: 700,
  cachedInputTokens: 200,
  outputTokens: 100,
  durationMs: 1_234,
  startedAtMs: 0,
} as const;
const incident = {
  id: 'b'.repeat(16),
  severity: 'critical',
  title: 'parse() blocks\nthe loop',
  startedAtMs: 0,
  subjects: [],
  notificationIds: [],
  investigationIds: [],
} as const;
const step = { investigationId, iteration: 1, tools: ['wait'] };

type Told = ToldEvent | WatchEvent;
type Bare = Told extends infer E ? (E extends Told ? Omit<E, 'atMs'> : never) : never;

const lines: readonly [Bare, string | undefined][] = [
  [{ type: 'operator.step', operator, ...step, text: '' }, undefined],
  [{ type: 'operator.step', operator, ...step, text: 'I look\nat it' }, 'runtime      I look at it'],
  [
    {
      type: 'tool.called',
      investigationId,
      caller: operator,
      tool: 'execute',
      startedAtMs: 0,
      durationMs: 12,
      isError: true,
    },
    'runtime      execute 12 ms refused',
  ],
  [{ ...call, costUsd: 0.0015 }, 'runtime      anthropic/claude-haiku-4-5 1000 tokens $0.0015 1.2 s'],
  [{ ...call, error }, 'runtime      anthropic/claude-haiku-4-5: too busy'],
  [
    {
      type: 'main.stalled',
      startedAtMs: 0,
      durationMs: 450,
      kind: 'javascript',
      culprit: { name: 'parse', file: '/app/a.js', line: 3 },
    },
    'main         was blocked for 450 ms in parse (/app/a.js:3)',
  ],
  [
    { type: 'main.stalled', startedAtMs: 0, durationMs: 450, kind: 'not-scheduled' },
    'main         was blocked for 450 ms (not-scheduled)',
  ],
  [
    { type: 'operator.woken', operator, why: 'check', detail: 'runtime.slow' },
    'runtime      woken by check: runtime.slow',
  ],
  [{ type: 'operator.hibernated', operator, wakeInMs: 30_000 }, 'runtime      rests for 30.0 s'],
  [
    {
      type: 'anomaly.detected',
      anomaly: { skill: 'gc', metric: 'pauseMs', value: 12.34567, expected: 2, deviation: 9, sinceMs: 0 },
    },
    'gc           pauseMs is 12.35, usually 2',
  ],
  [
    {
      type: 'budget.exceeded',
      budget: 'day',
      limit: 1,
      spent: 1.5,
      unit: 'USD',
      freeAt: '2026-01-03T00:00:00Z',
    },
    'budget       day is used up: 1.5 of 1 USD, until 2026-01-03T00:00:00Z',
  ],
  [
    { type: 'investigation.triggered', by: 'anomaly', reason: 'gc', isStarted: false },
    'anomaly      asks for an investigation: gc (not started)',
  ],
  [
    { type: 'insight.produced', investigationId, insight: { summary: 'found' } } as Bare,
    'coordinator  insight: found',
  ],
  [{ type: 'incident.opened', incident }, 'incident     opened, critical: parse() blocks the loop'],
  [
    { type: 'incident.updated', incident, why: 'finding', what: 'the heap grows', subjects: [] },
    'incident     finding joined: the heap grows',
  ],
  [
    { type: 'incident.updated', incident, why: 'severity', what: 'parse() blocks the loop', subjects: [] },
    'incident     is critical now: parse() blocks the loop',
  ],
  [
    { type: 'incident.closed', incident, why: 'over', lastedMs: 90_000 },
    'incident     over after 1 min 30 s: parse() blocks the loop',
  ],
  [
    { type: 'incident.closed', incident, why: 'restarted', lastedMs: 90_000 },
    'incident     closed, not seen again since a restart, after 1 min 30 s: parse() blocks the loop',
  ],
  [{ type: 'watch.gap', dropped: 1 }, 'nodelens     1 event missed'],
  [{ type: 'of.a.newer.process' } as unknown as Bare, undefined],
];
test.each(lines)('%j is one line with its time, or none', (event, line) => {
  const told = { ...event, atMs } as Told;
  expect(renderTold(told, colorsFor({}))).toBe(line && `09:05:07.040 ${line}`);
});
