import { ManualClock } from '@nodelens/testing';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import {
  iterationsReached,
  type LoopEnd,
  type LoopOptions,
  runLoop,
  type Step,
  toolSucceeded,
  userMessage,
} from '../../src/agent/loop.ts';
import { answer, defineTool, refuse } from '../../src/agent/tool.ts';
import type { ToolCalled } from '../../src/agent/tool-log.ts';
import { fail } from '../../src/errors.ts';
import { malformedArguments } from '../../src/llm/tool-arguments.ts';
import {
  type Answer,
  calls,
  lastResults,
  never,
  type Scripted,
  says,
  scripted,
} from '../operator/scripted.ts';

const double = defineTool({
  name: 'double',
  description: 'Doubles n.',
  params: { n: v.pipe(v.number(), v.integer()) },
  run: ({ n }) => answer(2 * n),
});
const broken = defineTool({
  name: 'broken',
  description: 'Fails.',
  params: {},
  run: () => {
    throw fail('skill_unknown', { skill: 'x', available: 'y' });
  },
});
const large = defineTool({
  name: 'large',
  description: 'Answers much.',
  params: {},
  run: () => answer({ lines: 'x'.repeat(50_000) }),
});
const secret = defineTool({
  name: 'secret',
  description: 'Answers a secret.',
  params: {},
  run: () => answer({ password: 'hunter2', file: '/app/a.js' }),
});
const done = defineTool({ name: 'done', description: 'Ends.', params: {}, run: () => answer(true) });
const notYet = defineTool({
  name: 'not_yet',
  description: 'Refuses.',
  params: {},
  run: () => refuse('not yet'),
});

async function drive(
  model: Scripted,
  overrides: Partial<LoopOptions> = {},
): Promise<{ steps: Step[]; end: LoopEnd }> {
  const loop = runLoop({
    model,
    system: 'You test.',
    opening: [userMessage('begin')],
    tools: [double, broken, large, secret, notYet, done],
    stopWhen: [toolSucceeded('done'), iterationsReached(10)],
    compaction: { atTokens: 1_000_000, keepLast: 2, keep: 'ids.' },
    signal: new AbortController().signal,
    ...overrides,
  });
  const steps: Step[] = [];
  let next = await loop.next();
  for (; !next.done; next = await loop.next()) steps.push(next.value);
  return { steps, end: next.value };
}

const run = (answers: readonly Answer[], overrides?: Partial<LoopOptions>): ReturnType<typeof drive> =>
  drive(scripted(answers), overrides);

test('several calls of one turn run in order, and their results follow them in the conversation', async () => {
  const model = scripted([calls(['double', { n: 1 }], ['double', { n: 2 }]), calls(['done'])]);
  const { steps, end } = await drive(model);
  expect(end).toEqual({ kind: 'stopped', by: 'done' });
  expect(steps.map((step) => step.iteration)).toEqual([1, 2]);
  expect(model.requests[1]?.messages.map((message) => message.role)).toEqual(['user', 'assistant', 'tool']);
  expect(lastResults(model.requests[1] ?? expect.fail()).map((result) => result.content)).toEqual([2, 4]);
});

test('tools are described to the model by JSON Schema', async () => {
  const model = scripted([calls(['done'])]);
  await drive(model);
  expect(model.requests[0]?.tools[0]).toMatchObject({
    name: 'double',
    description: 'Doubles n.',
    inputSchema: { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] },
  });
});

describe('what the model or a tool does wrong becomes an error result', () => {
  test.each([
    ['an unknown tool', calls(['resolve', {}]), /no tool "resolve".*double, broken/],
    ['a missing argument', calls(['double', {}]), /double: n: /],
    ['an argument of the wrong type', calls(['double', { n: 'two' }]), /double: n: .*number/i],
    [
      'arguments that are not JSON',
      calls(['double', malformedArguments('{"n": ')]),
      /not a JSON object: \{"n": /,
    ],
    ['a throw', calls(['broken']), /No skill named "x"/],
    ['a refusal', calls(['not_yet']), /^not yet$/],
  ])('%s', async (_, first, message) => {
    const { steps, end } = await run([first, calls(['done'])]);
    expect(end).toEqual({ kind: 'stopped', by: 'done' });
    expect(steps[0]?.results).toMatchObject([
      { isError: true, content: { error: expect.stringMatching(message) } },
    ]);
  });

  test('a done after a refused call does not end the run: the model hears of it first', async () => {
    const { steps, end } = await run([calls(['resolve'], ['done']), calls(['double', { n: 1 }], ['done'])]);
    expect(steps).toHaveLength(2);
    expect(end).toMatchObject({ kind: 'stopped' });
  });

  test('a refused done does not end the run', async () => {
    const { steps } = await run([calls(['not_yet']), calls(['done'])], {
      stopWhen: [toolSucceeded('done', 'not_yet')],
    });
    expect(steps).toHaveLength(2);
  });
});

test('a result is cut to what fits, with a note that says so', async () => {
  const { steps } = await run([calls(['large']), calls(['done'])]);
  const content = steps[0]?.results[0]?.content;
  expect(content).toMatchObject({ truncated: true, note: expect.stringContaining('ask for less') });
  expect(JSON.stringify(content).length).toBeLessThan(18_000);
});

test('secrets are redacted before the model sees them, in results and in user messages', async () => {
  const model = scripted([calls(['secret']), calls(['done'])]);
  const news = 'Authorization: Bearer abcdefghijklmnopqrstuvwxyz123456';
  await drive(model, { beforeTurn: () => ({ news }) });
  const seen = JSON.stringify(model.requests.at(-1)?.messages);
  expect(seen).not.toContain('hunter2');
  expect(seen).not.toContain('abcdefghijklmnopqrstuvwxyz123456');
  expect(seen).toContain('/app/a.js');
});

describe('a turn without a tool call', () => {
  test('is answered by a nudge, and the run goes on', async () => {
    const model = scripted([says(''), says('I think…'), calls(['done'])]);
    const { end } = await drive(model);
    expect(end).toEqual({ kind: 'stopped', by: 'done' });
    expect(model.requests[2]?.messages).toMatchObject([
      { text: 'begin' },
      { role: 'user', text: expect.stringContaining('empty') },
      { role: 'assistant', text: 'I think…' },
      { role: 'user', text: expect.stringContaining('called no tool') },
    ]);
  });

  test('fails the run when it is the third in a row', async () => {
    const { steps, end } = await run([says(''), calls(['double', { n: 1 }]), says(''), says(''), says('')]);
    expect(steps).toHaveLength(5);
    expect(end).toMatchObject({ kind: 'failed', error: { code: 'model_failed' } });
  });
});

test('a model that fails or refuses ends the run as failed', async () => {
  const error = fail('model_failed', { model: 'm', reason: 'no' });
  expect((await run([error])).end).toEqual({ kind: 'failed', error });
  const refusal = { ...says('I will not.'), stopReason: 'refusal' as const };
  expect((await run([refusal])).end).toMatchObject({ kind: 'failed', error: { code: 'model_failed' } });
});

test('the iteration limit ends the run', async () => {
  const { steps, end } = await run([calls(['double', { n: 1 }]), calls(['double', { n: 2 }])], {
    stopWhen: [iterationsReached(2)],
  });
  expect(steps).toHaveLength(2);
  expect(end).toEqual({ kind: 'stopped', by: 'iterations' });
});

test('an abort ends a model call that never answers', async () => {
  const controller = new AbortController();
  const reason = fail('run_cancelled');
  const running = run([never], {
    signal: controller.signal,
    beforeTurn: () => {
      setImmediate(() => controller.abort(reason));
      return {};
    },
  });
  expect((await running).end).toEqual({ kind: 'aborted', error: reason });
});

test('an abort ends a tool that never answers, and later calls of the turn are not run', async () => {
  const controller = new AbortController();
  const ran: string[] = [];
  const hang = defineTool({
    name: 'hang',
    description: 'Hangs.',
    params: {},
    run: () => {
      controller.abort(fail('run_cancelled'));
      return new Promise<never>(() => {});
    },
  });
  const after = defineTool({
    name: 'after',
    description: 'Notes.',
    params: {},
    run: () => {
      ran.push('after');
      return answer(null);
    },
  });
  const { steps, end } = await run([calls(['hang'], ['after'])], {
    tools: [hang, after],
    signal: controller.signal,
  });
  expect(end).toMatchObject({ kind: 'aborted' });
  expect(steps[0]?.results.map((result) => result.isError)).toEqual([true, true]);
  expect(ran).toEqual([]);
});

test('a conversation that has grown too large by the tokens really used is compacted before the next call', async () => {
  const big = { inputTokens: 900, cachedInputTokens: 200, outputTokens: 1 };
  const first = calls(['double', { n: 1 }], ['double', { n: 2 }]);
  const model = scripted([
    first,
    { ...calls(['double', { n: 3 }]), usage: big },
    says('a summary'),
    calls(['done']),
  ]);
  const { end } = await drive(model, { compaction: { atTokens: 1_000, keepLast: 2, keep: 'ids.' } });
  expect(end).toEqual({ kind: 'stopped', by: 'done' });
  expect(model.requests[2]).toMatchObject({ tools: [] });
  expect(model.requests[3]?.messages).toMatchObject([
    { text: 'begin' },
    { text: expect.stringContaining('a summary') },
    { role: 'assistant' },
    { role: 'tool' },
  ]);
});

test('each tool call is told with its outcome and how long it took by the clock of the loop', async () => {
  const clock = new ManualClock(1_000);
  const slow = defineTool({
    name: 'slow',
    description: 'Takes a while.',
    params: {},
    run: () => {
      clock.advance(250);
      return answer(true);
    },
  });
  const told: ToolCalled[] = [];
  const log = {
    investigationId: 'a',
    caller: 'memory',
    clock,
    emit: (event: ToolCalled) => told.push(event),
  };
  const unknown = 'x'.repeat(1_000);
  await run([calls(['slow'], ['broken'], [unknown]), calls(['done'])], {
    tools: [slow, broken, done],
    toolLog: log,
  });
  const base = { type: 'tool.called', investigationId: 'a', caller: 'memory' };
  expect(told).toEqual([
    { ...base, tool: 'slow', startedAtMs: 1_000, durationMs: 250, isError: false },
    { ...base, tool: 'broken', startedAtMs: 1_250, durationMs: 0, isError: true },
    { ...base, tool: 'x'.repeat(64), startedAtMs: 1_250, durationMs: 0, isError: true },
    { ...base, tool: 'done', startedAtMs: 1_250, durationMs: 0, isError: false },
  ]);
});
