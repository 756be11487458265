import { once } from 'node:events';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { fail, isError } from '../../src/errors.ts';
import type { OperatorBriefing } from '../../src/llm/briefing.ts';
import { type Model, type ModelRequest, type ModelResponse, noUsage } from '../../src/llm/model.ts';
import { connectModel, type ServedModel, serveModel } from '../../src/llm/remote-model.ts';

const request: ModelRequest = { system: 's', messages: [{ role: 'user', text: 'hello' }], tools: [] };
const response: ModelResponse = { text: 'hi', toolCalls: [], stopReason: 'end', usage: noUsage };
const live = (): { signal: AbortSignal } => ({ signal: new AbortController().signal });

function connected(
  model: ServedModel,
  name = 'live',
): { remote: Model; close: () => void; port: MessagePort } {
  const { port1, port2 } = new MessageChannel();
  const close = serveModel(port1, model);
  onTestFinished(close);
  return { remote: connectModel(port2, name), close, port: port2 };
}

test('a request crosses without its briefing, which holds functions, and the answer comes back', async () => {
  const seen: ModelRequest[] = [];
  const { remote } = connected({
    name: 'live',
    generate: async (asked) => {
      seen.push(asked);
      return response;
    },
  });
  const briefing = { role: 'operator', knowledge: { check: () => undefined } } as unknown as OperatorBriefing;
  expect(await remote.generate({ ...request, briefing }, live())).toEqual(response);
  expect(seen).toEqual([request]);
  expect(remote.name).toBe('live');
});

test('an error keeps its code, and a foreign one its message', async () => {
  const errors = [fail('model_rate_limited', { model: 'x', reason: 'slow' }), new TypeError('boom')];
  const { remote } = connected({ name: 'live', generate: () => Promise.reject(errors.shift()) });
  await expect(remote.generate(request, live())).rejects.toMatchObject({
    code: 'model_rate_limited',
    retryable: true,
  });
  await expect(remote.generate(request, live())).rejects.toMatchObject({
    name: 'TypeError',
    message: 'boom',
  });
});

test('an answer that cannot be cloned is a failure of that call only', async () => {
  const answers: unknown[] = [{ text: () => 'no' }, response];
  const { remote } = connected({ name: 'live', generate: async () => answers.shift() as ModelResponse });
  await expect(remote.generate(request, live())).rejects.toThrow(/could not be cloned/);
  expect(await remote.generate(request, live())).toEqual(response);
});

test('a cancel rejects here at once and aborts there', async () => {
  const started = Promise.withResolvers<void>();
  const aborted = Promise.withResolvers<void>();
  const { remote } = connected({
    name: 'live',
    generate: (_, { signal }) => {
      signal.addEventListener('abort', () => aborted.resolve());
      started.resolve();
      return new Promise(() => undefined);
    },
  });
  const controller = new AbortController();
  const answered = remote.generate(request, { signal: controller.signal }).catch((thrown: unknown) => thrown);
  await started.promise;
  controller.abort();
  expect(isError(await answered, 'run_cancelled')).toBe(true);
  await aborted.promise;
});

test('a call that is cancelled before it starts is never sent', async () => {
  let calls = 0;
  const { remote } = connected({
    name: 'live',
    generate: async () => {
      calls += 1;
      return response;
    },
  });
  await expect(remote.generate(request, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'run_cancelled',
  });
  await remote.generate(request, live());
  expect(calls).toBe(1);
});

test('when the serving side closes, what is pending and what comes later is unavailable', async () => {
  const started = Promise.withResolvers<void>();
  const { remote, close, port } = connected({
    name: 'live',
    generate: () => {
      started.resolve();
      return new Promise(() => undefined);
    },
  });
  const pending = remote.generate(request, live()).catch((thrown: unknown) => thrown);
  await started.promise;
  const closed = once(port, 'close');
  close();
  expect(isError(await pending, 'model_unavailable')).toBe(true);
  await closed;
  await expect(remote.generate(request, live())).rejects.toMatchObject({ code: 'model_unavailable' });
});

test('several live models are told apart by name', async () => {
  const models = new Map([['a', { name: 'a', generate: async () => ({ ...response, text: 'from a' }) }]]);
  const lookup = (name: string): Model | undefined => models.get(name);
  expect((await connected(lookup, 'a').remote.generate(request, live())).text).toBe('from a');
  await expect(connected(lookup, 'b').remote.generate(request, live())).rejects.toMatchObject({
    code: 'model_load_failed',
  });
});
