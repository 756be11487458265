import type { CoordinatorEvent } from '@nodelens/core';
import { expect, test } from 'vitest';
import { colorsFor } from '../src/colors.ts';
import { renderEvent } from '../src/progress.ts';
import { renderResult } from '../src/render.ts';
import { insight, resultOf } from './fixtures/results.ts';

const colors = colorsFor({});
const investigationId = 'a'.repeat(16);
const operator = 'runtime';

const lines: readonly [CoordinatorEvent, string | undefined][] = [
  [{ type: 'investigation.started', investigationId, reason: 'slow' }, 'coordinator  investigates: slow'],
  [
    {
      type: 'coordinator.step',
      investigationId,
      iteration: 1,
      tools: ['get_notifications', 'wait'],
      text: '',
    },
    'coordinator  get_notifications',
  ],
  [{ type: 'coordinator.step', investigationId, iteration: 1, tools: ['wait', 'done'], text: '' }, undefined],
  [{ type: 'operator.started', investigationId, operator }, 'runtime      started'],
  [
    { type: 'operator.state_changed', investigationId, operator, state: 'healthy', reason: 'calm' },
    'runtime      healthy: calm',
  ],
  [
    { type: 'operator.state_changed', investigationId, operator, state: 'critical', reason: 'stuck' },
    undefined,
  ],
  [{ type: 'operator.failed', investigationId, operator, message: 'a\nb' }, 'runtime      failed: a b'],
  [
    {
      type: 'operator.model_failed',
      investigationId,
      operator,
      code: 'model_overloaded',
      message: 'busy',
      willRetry: true,
    },
    'runtime      model: busy (tries again)',
  ],
  [{ type: 'insight.produced', investigationId, insight: insight('found') }, 'coordinator  insight: found'],
  [
    { type: 'investigation.finished', investigationId, result: resultOf({}) },
    'coordinator  completed in 1.5 s',
  ],
  [{ type: 'not.known.yet' } as unknown as CoordinatorEvent, undefined],
];
test.each(lines)('an event is one line: %j', (event, line) => {
  expect(renderEvent(event, colors)).toBe(line);
});

test('a result without insights shows what operators reported, failed or could not do', () => {
  const text = renderResult(
    resultOf({
      status: 'failed',
      operators: [
        {
          operator,
          skill: 'runtime',
          state: 'observing',
          status: 'failed',
          error: { name: 'Error', message: 'out of memory' },
          iterations: 1,
          durationMs: 1,
        },
      ],
      error: { name: 'Error', message: 'no model' },
    }),
    colors,
  );
  expect(text).toContain('operator runtime failed: out of memory');
  expect(text).toContain('no model');
  expect(text).toContain('failed in 1.5 s, 1 operator, triage');
});

test('a subject whose file is gone has no excerpt', () => {
  const gone = {
    ...insight('x'),
    subjects: [{ kind: 'function', name: 'f', file: '/gone.js', line: 3 }],
  } as const;
  const text = renderResult(resultOf({ insights: [gone] }), colors);
  expect(text).toContain('function f  /gone.js:3');
  expect(text).not.toContain('3 |');
});

test('an answer in words comes first, without what could move the cursor', () => {
  const text = renderResult(resultOf({ answer: 'All is well.\u001b[2J', insights: [insight('x')] }), colors);
  expect(text).toMatch(/^All is well\. \[2J\n\n/);
});
