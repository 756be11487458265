// Claude with `firstTokenMs`: the answer is streamed, over real HTTP against aimock.
import { LLMock } from '@copilotkit/aimock';
import { ManualClock } from '@nodelens/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadModel } from '../../src/llm/load-model.ts';
import { anthropic } from '../../src/llm/references.ts';

const mock = new LLMock({ port: 0 });
beforeAll(async () => {
  await mock.start();
});
afterAll(() => mock.stop());

async function ask(text: string, signal = new AbortController().signal) {
  const clock = new ManualClock();
  const options = { apiKey: 'k', baseUrl: mock.url, maxRetries: 0, firstTokenMs: 900 };
  const model = await loadModel(anthropic(options), { clock });
  const tools = [
    { name: 'execute', description: 'Runs code.', inputSchema: { type: 'object', properties: {} } },
  ];
  const request = { system: '', messages: [{ role: 'user' as const, text }], tools };
  const answer = model.generate(request, { signal }).catch((error: unknown) => error);
  return { answer, clock };
}

test('a streamed answer is the same as one at once', async () => {
  mock.onMessage('look', {
    content: 'Looking.',
    toolCalls: [{ id: 'c1', name: 'execute', arguments: '{"code":"return x"}' }],
    usage: { input_tokens: 12, output_tokens: 7 },
  });
  const { answer, clock } = await ask('look');
  expect(await answer).toEqual({
    text: 'Looking.',
    stopReason: 'tool_use',
    toolCalls: [{ id: 'c1', name: 'execute', arguments: { code: 'return x' } }],
    usage: { inputTokens: 12, cachedInputTokens: 0, outputTokens: 7 },
  });
  expect(mock.getLastRequest()?.body).toMatchObject({ stream: true });
  expect(clock.pending).toBe(0);
});

test('a stream that breaks off is unavailable', async () => {
  mock.onMessage('break off', { content: 'word '.repeat(200) }, { truncateAfterChunks: 4, chunkSize: 5 });
  const { answer } = await ask('break off');
  expect(await answer).toMatchObject({ code: 'model_unavailable', retryable: true });
});

test('a first token that does not come in time ends the call, one that comes does not', async () => {
  const arrived = Promise.withResolvers<void>();
  const slow = { streamingProfile: { ttft: 1_000 } };
  mock.onMessage(
    'be slow',
    () => {
      arrived.resolve();
      return { content: 'late' };
    },
    slow,
  );
  const { answer, clock } = await ask('be slow');
  await arrived.promise;
  clock.advance(900);
  expect(await answer).toMatchObject({ code: 'model_timeout', data: { timeoutMs: 900 } });
  mock.onMessage('be in time', { content: 'there' }, { streamingProfile: { ttft: 20 } });
  expect(await (await ask('be in time')).answer).toMatchObject({ text: 'there' });
});
