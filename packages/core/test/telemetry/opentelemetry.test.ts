// Spans, metrics and logs as the real SDK of OpenTelemetry takes them; the first from a real investigation.

import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { hrTimeToMilliseconds } from '@opentelemetry/core';
import { expect, test } from 'vitest';
import type { InvestigationResult } from '../../src/coordinator/insight.ts';
import type { OperatorRunResult } from '../../src/operator/spec.ts';
import type { LensEventOf } from '../../src/telemetry/events.ts';
import { pulse, startLens } from '../system/kit.ts';
import { collect, collectFrom } from './otel-kit.ts';

const id = 'a'.repeat(16);
const usage = {
  model: 'anthropic/claude-haiku-4-5',
  calls: 1,
  inputTokens: 70,
  cachedInputTokens: 30,
  outputTokens: 5,
};

const runResult = (more: Partial<OperatorRunResult> = {}): OperatorRunResult => ({
  investigationId: id,
  operator: 'runtime',
  skill: 'runtime',
  state: 'warning',
  status: 'completed',
  iterations: 2,
  durationMs: 400,
  notifications: [],
  snapshots: [],
  usage,
  ...more,
});

const result = (more: Partial<InvestigationResult> = {}): InvestigationResult => ({
  schema: 'nodelens.investigation/1',
  id,
  status: 'completed',
  reason: 'slow',
  insights: [],
  notifications: [],
  operators: [],
  usage,
  startedAt: new Date(1_000).toISOString(),
  durationMs: 1_000,
  ...more,
});

const modelCall = (more: Partial<LensEventOf<'model.called'>> = {}): LensEventOf<'model.called'> => ({
  type: 'model.called',
  investigationId: id,
  caller: 'runtime',
  model: 'anthropic/claude-haiku-4-5',
  inputTokens: 70,
  cachedInputTokens: 30,
  outputTokens: 5,
  costUsd: 0.25,
  durationMs: 100,
  startedAtMs: 1_100,
  ...more,
});

const at = (atMs: number): { atMs: number } => ({ atMs });

test('a real investigation is one trace: investigation, operator runs, and in them models and tools', {
  timeout: 60_000,
}, async () => {
  const lens = await startLens({ operators: [{ skill: pulse() }] });
  const otel = await collect(lens);
  let called = 0;
  let call = Promise.withResolvers<void>();
  lens.on('model.called', () => {
    called += 1;
    call.resolve();
    call = Promise.withResolvers();
  });
  const {
    id: investigationId,
    insights,
    startedAt,
    usage: used,
  } = await lens.coordinator.run({ reason: 'is it racing?' }, { timeoutMs: 50_000 });

  // They come by another way, and may be told later.
  while (called < used.calls) await call.promise;

  const [root] = otel.spans().filter(({ name }) => name === 'investigation');
  const tree = otel.tree();
  expect(tree).toEqual(
    expect.arrayContaining([
      ['investigation', undefined],
      ['chat triage', 'investigation'],
      ['execute_tool invoke_operators', 'investigation'],
      ['chat triage', 'invoke_agent pulse'],
      ['execute_tool take_snapshot', 'invoke_agent pulse'],
      ['execute_tool send_notification', 'invoke_agent pulse'],
      ['invoke_agent pulse', 'investigation'],
      ['execute_tool produce_insight', 'investigation'],
    ]),
  );
  expect(tree.filter(([name]) => name === 'chat triage')).toHaveLength(used.calls);
  expect(new Set(otel.spans().map((span) => span.spanContext().traceId)).size).toBe(1);
  expect(root?.attributes).toMatchObject({
    'nodelens.investigation.id': investigationId,
    'nodelens.status': 'completed',
    'nodelens.insights': insights.length,
  });
  expect(Math.abs(hrTimeToMilliseconds(root?.startTime ?? [0, 0]) - Date.parse(startedAt))).toBeLessThan(50);
  for (const { startTime, endTime } of otel.spans()) {
    expect(hrTimeToMilliseconds(endTime)).toBeGreaterThanOrEqual(hrTimeToMilliseconds(startTime));
    expect(hrTimeToMilliseconds(startTime)).toBeGreaterThanOrEqual(Date.parse(startedAt) - 1);
  }

  expect(await otel.metric('nodelens.insights')).toEqual([
    [{ 'nodelens.confidence': insights[0]?.confidence }, insights.length],
  ]);
  const [log] = otel.logs();
  expect(log).toMatchObject({
    eventName: 'nodelens.insight',
    severityText: 'WARN',
    body: insights[0]?.summary,
    attributes: { 'code.file.path': '/app/heart.ts', 'code.line.number': 3 },
    spanContext: { traceId: root?.spanContext().traceId, spanId: root?.spanContext().spanId },
  });
});

test('a call of a model is a span and metrics by the GenAI conventions, also when it is told after its run', async () => {
  const otel = await collectFrom();
  otel.emit({ type: 'investigation.started', investigationId: id, reason: 'slow', ...at(1_000) });
  otel.emit({ type: 'operator.started', investigationId: id, operator: 'runtime', ...at(1_050) });
  const done = { investigationId: id, operator: 'runtime', result: runResult(), ...at(1_500) };
  otel.emit({ type: 'operator.completed', ...done });
  otel.emit({ type: 'investigation.finished', investigationId: id, result: result(), ...at(2_000) });
  otel.emit(modelCall());

  expect(otel.tree()).toEqual([
    ['invoke_agent runtime', 'investigation'],
    ['investigation', undefined],
    ['chat claude-haiku-4-5', 'invoke_agent runtime'],
  ]);
  const call = otel.spans().at(-1);
  expect(call?.kind).toBe(SpanKind.CLIENT);
  expect(call?.startTime).toEqual([1, 100_000_000]);
  expect(call?.endTime).toEqual([1, 200_000_000]);
  expect(call?.attributes).toMatchObject({
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'anthropic',
    'gen_ai.request.model': 'claude-haiku-4-5',
    'gen_ai.agent.name': 'runtime',
    'gen_ai.conversation.id': id,
    'gen_ai.usage.input_tokens': 100,
    'gen_ai.usage.cache_read.input_tokens': 30,
    'gen_ai.usage.output_tokens': 5,
    'nodelens.cost.usd': 0.25,
  });
  const tokens = await otel.metric('gen_ai.client.token.usage');
  expect(tokens.map(([attributes, sum]) => [attributes['gen_ai.token.type'], sum])).toEqual([
    ['input', 100],
    ['output', 5],
  ]);
  expect(await otel.metric('nodelens.model.cost')).toMatchObject([
    [{ 'gen_ai.provider.name': 'anthropic' }, 0.25],
  ]);
});

test('what fails is marked with its code, and what was cancelled is not', async () => {
  const otel = await collectFrom();
  const error = {
    name: 'NodelensError',
    code: 'model_overloaded',
    message: 'token=sk-ant-api03-abcdefghijklmnop',
  };
  otel.emit({ type: 'investigation.started', investigationId: id, reason: 'x'.repeat(5_000), ...at(1_000) });
  otel.emit(modelCall({ caller: 'coordinator', error }));
  const tool = { type: 'tool.called', investigationId: id, caller: 'coordinator', tool: 'wait' } as const;
  otel.emit({ ...tool, startedAtMs: 1_200, durationMs: 1, isError: true });
  const failed = result({ status: 'failed', error });
  otel.emit({ type: 'investigation.finished', investigationId: id, result: failed, ...at(2_000) });
  const cancelled = 'b'.repeat(16);
  otel.emit({ type: 'investigation.started', investigationId: cancelled, reason: 'y', ...at(3_000) });
  const ended = result({ id: cancelled, status: 'cancelled', error });
  otel.emit({ type: 'investigation.finished', investigationId: cancelled, result: ended, ...at(4_000) });

  expect(
    otel.spans().map(({ name, status, attributes }) => [name, status.code, attributes['error.type']]),
  ).toEqual([
    ['chat claude-haiku-4-5', SpanStatusCode.ERROR, 'model_overloaded'],
    ['execute_tool wait', SpanStatusCode.ERROR, '_OTHER'],
    ['investigation', SpanStatusCode.ERROR, 'model_overloaded'],
    ['investigation', SpanStatusCode.UNSET, undefined],
  ]);
  const told = JSON.stringify(otel.spans().map(({ attributes, status }) => [attributes, status]));
  expect(told).not.toContain('sk-ant');
  expect(String(otel.spans()[2]?.attributes['nodelens.reason'])).toHaveLength(1_000);
});

test('each round of a continuous operator is a trace that begins when it was woken', async () => {
  const otel = await collectFrom();
  const round = (woken: number, runMs: number): void => {
    otel.emit({ type: 'operator.woken', operator: 'runtime', why: 'check', detail: 'x', ...at(woken) });
    otel.emit(modelCall({ startedAtMs: woken + 20 }));
    const done = { operator: 'runtime', result: runResult({ durationMs: runMs - 10 }), ...at(woken + runMs) };
    otel.emit({ type: 'operator.completed', investigationId: id, ...done });
  };
  otel.emit({ type: 'operator.started', investigationId: id, operator: 'runtime', ...at(1_000) });
  round(60_000, 500);
  round(90_000, 300);

  const runs = otel.spans().filter(({ name }) => name === 'invoke_agent runtime');
  expect(runs.map(({ startTime, endTime }) => [startTime[0], endTime])).toEqual([
    [60, [60, 500_000_000]],
    [90, [90, 300_000_000]],
  ]);
  expect(runs[0]?.attributes).toMatchObject({
    'nodelens.wake.reason': 'check',
    'nodelens.status': 'completed',
  });
  expect(new Set(otel.spans().map((span) => span.spanContext().traceId)).size).toBe(2);
});

test('what never ends is let go of, marked as incomplete: the oldest of many, and the rest at the end', async () => {
  const otel = await collectFrom();
  for (let number = 0; number < 300; number++) {
    const investigationId = number.toString(16).padStart(16, '0');
    otel.emit({ type: 'investigation.started', investigationId, reason: 'x', ...at(1_000) });
  }
  expect(otel.spans().length).toBe(300 - 256);
  otel.disconnect();
  expect(otel.spans().length).toBe(300);
  expect(otel.spans().every(({ attributes }) => attributes['nodelens.incomplete'])).toBe(true);
});

test('restarts, stalls, dead letters and used up budgets are counted', async () => {
  const otel = await collectFrom();
  otel.emit({ type: 'operator.restarted', operator: 'gc', attempt: 1, delayMs: 5 });
  otel.emit({ type: 'recorder.restarted' });
  otel.emit({ type: 'main.stalled', startedAtMs: 1, durationMs: 1_500, kind: 'javascript' });
  otel.emit({ type: 'actor.dead_letter', actor: 'a', why: 'mailbox_full', count: 3 });
  otel.emit({ type: 'budget.exceeded', budget: 'day', limit: 1, spent: 2, unit: 'USD' });
  expect(await otel.metric('nodelens.restarts')).toEqual([
    [{ 'nodelens.child': 'gc' }, 1],
    [{ 'nodelens.child': 'recorder' }, 1],
  ]);
  expect(await otel.metric('nodelens.main.stall.duration')).toEqual([
    [{ 'nodelens.stall.kind': 'javascript' }, 1.5],
  ]);
  expect(await otel.metric('nodelens.dead_letters')).toEqual([[{ 'nodelens.reason': 'mailbox_full' }, 3]]);
  expect(await otel.metric('nodelens.budget.exceeded')).toEqual([[{ 'nodelens.budget': 'day' }, 1]]);
});

test('incidents are counted when they open, and each of their events is a log record with the id', async () => {
  const otel = await collectFrom();
  const incident = {
    id: 'c'.repeat(16),
    severity: 'critical' as const,
    title: 'keep() never forgets.',
    startedAtMs: 1_000,
    subjects: [{ kind: 'function' as const, name: 'keep', file: '/app/keep.ts', line: 3 }],
    notificationIds: [],
    investigationIds: [id],
  };
  otel.emit({ type: 'investigation.started', investigationId: id, reason: 'slow', ...at(900) });
  otel.emit({ type: 'incident.opened', incident, ...at(1_000) });
  const what = 'The heap is full.';
  otel.emit({ type: 'incident.updated', incident, why: 'finding', what, subjects: [], ...at(2_000) });
  otel.emit({ type: 'incident.closed', incident, why: 'over', lastedMs: 5, ...at(3_000) });
  expect(await otel.metric('nodelens.incidents')).toEqual([[{ 'nodelens.severity': 'critical' }, 1]]);
  expect(otel.logs().map(({ eventName, severityText, body }) => [eventName, severityText, body])).toEqual([
    ['nodelens.incident.opened', 'ERROR', 'keep() never forgets.'],
    ['nodelens.incident.updated', 'ERROR', 'The heap is full.'],
    ['nodelens.incident.closed', 'INFO', 'keep() never forgets.'],
  ]);
  expect(otel.logs()[0]?.attributes).toMatchObject({
    'nodelens.incident.id': incident.id,
    'code.file.path': '/app/keep.ts',
  });
  expect(otel.logs()[0]?.spanContext?.traceId).toMatch(/^[0-9a-f]{32}$/);
});
