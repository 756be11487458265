import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { ModelRequest } from '@nodelens/core';
import { expect, onTestFinished, test } from 'vitest';
import { scriptedModel, scriptedModelRef } from '../src/scripted-model.ts';

const request: ModelRequest = { system: '', messages: [{ role: 'user', text: 'go' }], tools: [] };
const live = (): { signal: AbortSignal } => ({ signal: new AbortController().signal });

const withResults: ModelRequest = {
  ...request,
  messages: [
    {
      role: 'tool',
      results: [
        { callId: '1', name: 'take_snapshot', content: { id: 'old' }, isError: false },
        { callId: '2', name: 'take_snapshot', content: { id: 's2' }, isError: false },
        { callId: '3', name: 'get_notifications', content: [{ id: 'n1' }, { id: 'n2' }], isError: false },
      ],
    },
  ],
};

test('answers come in order, and every request is recorded', async () => {
  const model = scriptedModel([{ text: 'one' }, ({ messages }) => ({ text: `${messages.length} messages` })]);
  expect(await model.generate(request, live())).toMatchObject({
    text: 'one',
    toolCalls: [],
    stopReason: 'end',
  });
  expect(model.remaining).toBe(1);
  expect(await model.generate(withResults, live())).toMatchObject({ text: '1 messages' });
  expect([model.remaining, model.requests]).toEqual([0, [request, withResults]]);
});

test('one more request than answers fails, saying what it was asked', async () => {
  const model = scriptedModel([], 'short');
  await expect(model.generate(request, live())).rejects.toMatchObject({
    code: 'model_failed',
    message: expect.stringContaining('"text":"go"'),
  });
});

test('tool calls get ids, and ids that only the run knows are filled in', async () => {
  const toolCalls = [
    { name: 'send_notification', arguments: { type: 'x', snapshot_ids: ['$snapshot'] } },
    { name: 'produce_insight', arguments: { notification_ids: '$notifications', note: '$else' } },
    { name: 'done' },
  ];
  const model = scriptedModel([{ toolCalls }]);
  expect(await model.generate(withResults, live())).toMatchObject({
    stopReason: 'tool_use',
    toolCalls: [
      { id: 'call-1-0', name: 'send_notification', arguments: { type: 'x', snapshot_ids: ['s2'] } },
      {
        id: 'call-1-1',
        name: 'produce_insight',
        arguments: { notification_ids: ['n1', 'n2'], note: '$else' },
      },
      { id: 'call-1-2', name: 'done', arguments: {} },
    ],
  });
});

test('a reply may be an error of the table, or whatever a function throws', async () => {
  const boom = (): never => {
    throw new TypeError('boom');
  };
  const model = scriptedModel([{ error: 'model_overloaded' }, boom]);
  await expect(model.generate(request, live())).rejects.toMatchObject({
    code: 'model_overloaded',
    retryable: true,
  });
  await expect(model.generate(request, live())).rejects.toThrow('boom');
});

test('an abort ends an answer that never comes', async () => {
  const controller = new AbortController();
  const model = scriptedModel([() => new Promise(() => undefined)]);
  const answered = model.generate(request, { signal: controller.signal });
  controller.abort(new Error('enough'));
  await expect(answered).rejects.toThrow('enough');
});

test('as a reference it is loaded by another thread', async () => {
  const ref = scriptedModelRef([{ text: 'from the thread' }]);
  expect(JSON.parse(JSON.stringify(ref))).toEqual(ref);
  const worker = new Worker(new URL('./fixtures/ask-in-thread.ts', import.meta.url), {
    workerData: ref,
    execArgv: ['--conditions=@nodelens/source'],
  });
  onTestFinished(async () => {
    await worker.terminate();
  });
  expect(await once(worker, 'message')).toEqual(['from the thread']);
});
