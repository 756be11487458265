// Providers of the AI SDK over real HTTP against aimock, which speaks the shapes of all of them; what is not a matter
// of a shape is tested once, on a plain server.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createServer as createMock, type Fixture, type ServerInstance } from '@copilotkit/aimock';
import { ManualClock } from '@nodelens/testing';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Message } from '../../src/agent/transcript.ts';
import type { ErrorCode } from '../../src/errors.ts';
import { loadModel } from '../../src/llm/load-model.ts';
import type { Model, ModelRequest } from '../../src/llm/model.ts';
import { type AiSdkOptions, aiSdk } from '../../src/llm/references.ts';
import { malformedInputOf } from '../../src/llm/tool-arguments.ts';

const fixtures: Fixture[] = [];
let mock: ServerInstance;
beforeAll(async () => {
  mock = await createMock(fixtures, { port: 0 });
});
afterAll(async () => {
  mock.server.close();
  // fetch may hold a connection that it has never used.
  mock.server.closeAllConnections();
  await once(mock.server, 'close');
});

const on = (userMessage: string, response: Fixture['response'], more: Partial<Fixture> = {}): void => {
  fixtures.push({ match: { userMessage }, response, ...more });
};

type Shape = (url: string) => AiSdkOptions;

const openaiChat: Shape = (url) => ({
  provider: '@ai-sdk/openai',
  model: 'gpt-5-mini',
  method: 'chat',
  settings: { apiKey: 'k', baseURL: `${url}/v1` },
});

const shapes: Readonly<Record<string, Shape>> = {
  'OpenAI Responses': (url) => ({
    provider: '@ai-sdk/openai',
    model: 'gpt-5-mini',
    settings: { apiKey: 'k', baseURL: `${url}/v1` },
  }),
  'OpenAI chat': openaiChat,
  Gemini: (url) => ({
    provider: '@ai-sdk/google',
    model: 'gemini-3-flash',
    settings: { apiKey: 'k', baseURL: `${url}/v1beta` },
  }),
  Bedrock: (url) => ({
    provider: '@ai-sdk/amazon-bedrock',
    model: 'anthropic.claude-haiku-4-5-v1:0',
    settings: { apiKey: 'k', region: 'us-east-1', baseURL: url },
  }),
  Azure: (url) => ({
    provider: '@ai-sdk/azure',
    model: 'my-deployment',
    method: 'chat',
    settings: { apiKey: 'k', baseURL: `${url}/openai`, useDeploymentBasedUrls: true },
  }),
  'OpenAI-compatible': (url) => ({
    provider: '@ai-sdk/openai-compatible',
    model: 'qwen3',
    settings: { name: 'local', baseURL: `${url}/v1` },
  }),
  Ollama: (url) => ({
    provider: 'ollama-ai-provider-v2',
    model: 'qwen3',
    settings: { baseURL: `${url}/api` },
  }),
};

const names = Object.keys(shapes);
const shaped = (name: string): AiSdkOptions => (shapes[name] ?? openaiChat)(mock.url);

const ask = (text: string, ...more: readonly Message[]): ModelRequest => ({
  system: 'You watch a process.',
  messages: [{ role: 'user', text }, ...more],
  tools: [
    { name: 'take_snapshot', description: 'Takes one.', inputSchema: { type: 'object', properties: {} } },
    {
      name: 'execute',
      description: 'Runs code.',
      inputSchema: { type: 'object', properties: { code: { type: 'string' } }, required: ['code'] },
    },
  ],
});

const generate = (model: Model, request: ModelRequest, signal = new AbortController().signal) =>
  model.generate(request, { signal });

const refused = (asked: Promise<unknown>): Promise<unknown> => asked.catch((thrown: unknown) => thrown);

describe.each(names)('%s', (shape) => {
  test.each([{}, { firstTokenMs: 10_000 }])('tool calls, their results and a text (%j)', async (streamed) => {
    fixtures.length = 0;
    fixtures.push({
      match: { predicate: ({ messages }) => JSON.stringify(messages).includes('heapUsedMb') },
      response: { content: 'Seen.' },
    });
    on('memory alert', {
      content: 'Looking.',
      toolCalls: [
        { id: 'c1', name: 'take_snapshot', arguments: '{}' },
        { id: 'c2', name: 'execute', arguments: '{"code":"return x"}' },
      ],
    });
    const model = await loadModel(aiSdk({ ...shaped(shape), ...streamed }));
    const first = await generate(model, ask('memory alert'));
    expect(first).toMatchObject({
      text: 'Looking.',
      stopReason: 'tool_use',
      toolCalls: [
        { name: 'take_snapshot', arguments: {} },
        { name: 'execute', arguments: { code: 'return x' } },
      ],
    });
    const [one, two] = first.toolCalls.map(({ id: callId, name }) => ({ callId, name }));
    const { text, toolCalls, verbatim } = first;
    const said: Message = { role: 'assistant', text, toolCalls, ...(verbatim && { verbatim }) };
    const results: Message = {
      role: 'tool',
      results: [
        { callId: '', name: '', ...one, content: { heapUsedMb: 91 }, isError: false },
        { callId: '', name: '', ...two, content: { error: 'x is not defined' }, isError: true },
      ],
    };
    expect(await generate(model, ask('memory alert', said, results))).toMatchObject({
      text: 'Seen.',
      toolCalls: [],
      stopReason: 'end',
    });
    const sent = JSON.stringify(mock.journal.getLast()?.body);
    for (const part of ['You watch a process.', 'return x', 'x is not defined']) expect(sent).toContain(part);
  });

  test('what goes wrong has its code, and whether it may pass', async () => {
    fixtures.length = 0;
    const failures: [string, ErrorCode, boolean, string][] = [
      ['401', 'model_failed', false, 'check its API key'],
      ['429', 'model_rate_limited', true, 'it asks to wait 7 s'],
      ['500', 'model_unavailable', true, ''],
      ['529', 'model_overloaded', true, ''],
      ['malformed', 'model_unavailable', true, ''],
      ['disconnect', 'model_unavailable', true, ''],
    ];
    for (const status of [401, 429, 500, 529])
      on(`give ${status}`, { error: { message: 'no luck' }, status, retryAfter: 7 });
    on('give malformed', { content: 'x' }, { chaos: { malformedRate: 1 } });
    on('give disconnect', { content: 'x' }, { chaos: { disconnectRate: 1 } });
    const model = await loadModel(aiSdk(shaped(shape)));
    for (const [what, code, retryable, said] of failures) {
      const error = await refused(generate(model, ask(`give ${what}`)));
      expect(error, `${what}: ${error}`).toMatchObject({ code, retryable, data: { model: model.name } });
      expect((error as Error).message).toContain(said);
    }
  });
});

test.each(['OpenAI Responses', 'Gemini', 'Bedrock', 'Ollama'])(
  '%s: a stream that breaks off is unavailable, one whose first token does not come is given up',
  async (shape) => {
    fixtures.length = 0;
    const arrived = Promise.withResolvers<void>();
    on('break off', { content: 'word '.repeat(200) }, { truncateAfterChunks: 2, chunkSize: 5 });
    on(
      'be slow',
      () => {
        arrived.resolve();
        return { content: 'late' };
      },
      { streamingProfile: { ttft: 1_000 } },
    );
    on('be in time', { content: 'there' }, { streamingProfile: { ttft: 20 } });
    const clock = new ManualClock();
    const model = await loadModel(aiSdk({ ...shaped(shape), firstTokenMs: 900 }), { clock });
    expect(await refused(generate(model, ask('break off')))).toMatchObject({ code: 'model_unavailable' });
    expect(await generate(model, ask('be in time'))).toMatchObject({ text: 'there' });
    const asked = refused(generate(model, ask('be slow')));
    await arrived.promise;
    clock.advance(900);
    expect(await asked).toMatchObject({ code: 'model_timeout', retryable: true, data: { timeoutMs: 900 } });
    expect(clock.pending).toBe(0);
  },
);

test('arguments of a call that are no JSON object reach the loop as such', async () => {
  fixtures.length = 0;
  on('call badly', { toolCalls: [{ name: 'execute', arguments: '{"code": ' }] });
  for (const shape of ['OpenAI chat', 'OpenAI Responses', 'OpenAI-compatible']) {
    const [call] = (await generate(await loadModel(aiSdk(shaped(shape))), ask('call badly'))).toolCalls;
    expect(call && malformedInputOf(call), shape).toBe('{"code": ');
  }
});

type Handler = (response: ServerResponse, request: IncomingMessage, body: string) => void;

async function served(handler: Handler, shape: Shape = openaiChat): Promise<AiSdkOptions> {
  const server = createServer(async (incoming, response) => {
    handler(response, incoming, await text(incoming));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return shape(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

const completion = (message: object, finish_reason: string, usage: object = {}): string =>
  JSON.stringify({
    id: 'r',
    created: 1,
    model: 'm',
    choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason }],
    usage,
  });

const answering = (body: string): Promise<AiSdkOptions> =>
  served((response) => response.setHeader('content-type', 'application/json').end(body));

test('what a provider signs goes back to it unchanged, and to no other model', async () => {
  const bodies: string[] = [];
  const call = { functionCall: { name: 'take_snapshot', args: {} }, thoughtSignature: 'signed' };
  const content = { role: 'model', parts: [{ text: 'Hm.', thought: true }, call] };
  const gemini = await served((response, _, body) => {
    bodies.push(body);
    const reply = { candidates: [{ content, finishReason: 'STOP' }] };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(reply));
  }, shapes.Gemini);
  const model = await loadModel(aiSdk(gemini));
  const { toolCalls, ...first } = await generate(model, ask('look'));
  expect(first).toMatchObject({ text: '', stopReason: 'tool_use', verbatim: { model: model.name } });
  const { verbatim = expect.fail() } = first;
  const said: Message = { role: 'assistant', text: '', toolCalls, verbatim };
  const results = toolCalls.map(({ id, name }) => ({ callId: id, name, content: {}, isError: false }));
  const again = ask('look', said, { role: 'tool', results });
  await generate(model, again);
  expect(bodies[1]).toContain('"thoughtSignature":"signed"');
  await generate(await loadModel(aiSdk({ ...gemini, model: 'another' })), again);
  expect(bodies[2]).toContain('take_snapshot');
  expect(bodies[2]).not.toContain('"signed"');
});

test('Claude on Bedrock is told to cache the system prompt and the last message', async () => {
  const bodies: string[] = [];
  const bedrock = await served((response, _, body) => {
    bodies.push(body);
    const output = { message: { role: 'assistant', content: [{ text: 'ok' }] } };
    const usage = { inputTokens: 20, outputTokens: 2, cacheReadInputTokens: 900, cacheWriteInputTokens: 100 };
    const reply = { output, stopReason: 'end_turn', usage: { ...usage, totalTokens: 1_022 } };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(reply));
  }, shapes.Bedrock);
  const { usage } = await generate(await loadModel(aiSdk(bedrock)), ask('look'));
  expect(usage).toEqual({ inputTokens: 120, cachedInputTokens: 900, outputTokens: 2 });
  const cachePoint = { type: 'default' };
  expect(JSON.parse(bodies[0] ?? '')).toMatchObject({
    system: [{ text: 'You watch a process.' }, { cachePoint }],
    messages: [{ role: 'user', content: [{ text: 'look' }, { cachePoint }] }],
  });
  await generate(await loadModel(aiSdk({ ...bedrock, model: 'meta.llama4' })), ask('look'));
  expect(bodies[1]).not.toContain('cachePoint');
});

test('cached tokens are told apart from those at the full price', async () => {
  const usage = {
    prompt_tokens: 1_000,
    completion_tokens: 40,
    prompt_tokens_details: { cached_tokens: 900 },
  };
  const model = await loadModel(aiSdk(await answering(completion({ content: 'ok' }, 'stop', usage))));
  expect((await generate(model, ask('?'))).usage).toEqual({
    inputTokens: 100,
    cachedInputTokens: 900,
    outputTokens: 40,
  });
});

test.each([
  ['cut', completion({ content: 'a' }, 'length'), { stopReason: 'max_tokens' }],
  ['cut while thinking', completion({ content: '' }, 'length'), { stopReason: 'max_tokens', text: '' }],
  ['refused', completion({ content: '' }, 'content_filter'), { stopReason: 'refusal' }],
  ['empty', completion({ content: '' }, 'stop'), { code: 'model_response_empty' }],
  ['no answer at all', '{"hello":"world"}', { code: 'model_unavailable' }],
])('an answer that is %s', async (_, body, expected) => {
  const model = await loadModel(aiSdk(await answering(body)));
  const outcome = await refused(generate(model, ask('?')));
  expect(outcome, String(outcome)).toMatchObject(expected);
});

test('an answer that breaks off in its body is unavailable', async () => {
  const options = await served((response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' });
    response.write('{"id":"r",', () => response.destroy());
  });
  const error = await refused(generate(await loadModel(aiSdk(options)), ask('?')));
  expect(error, String(error)).toMatchObject({ code: 'model_unavailable', retryable: true });
});

test.each([{}, { firstTokenMs: 60_000 }])(
  'an abort ends the HTTP request within 100 ms (%j)',
  async (more) => {
    const arrived = Promise.withResolvers<void>();
    const hungUp = Promise.withResolvers<void>();
    const options = await served((_, { socket }) => {
      socket.once('close', hungUp.resolve);
      arrived.resolve();
    });
    const controller = new AbortController();
    const model = await loadModel(aiSdk({ ...options, ...more }));
    const asked = refused(generate(model, ask('?'), controller.signal));
    await arrived.promise;
    const abortedAt = performance.now();
    controller.abort();
    expect(await asked).toMatchObject({ code: 'run_cancelled' });
    await hungUp.promise;
    expect(performance.now() - abortedAt).toBeLessThan(100);
  },
);

test('a server that does not answer is given up after timeoutMs, and its request ended', async () => {
  const arrived = Promise.withResolvers<void>();
  const hungUp = Promise.withResolvers<void>();
  const options = await served((_, { socket }) => {
    socket.once('close', hungUp.resolve);
    arrived.resolve();
  });
  const clock = new ManualClock();
  const asked = refused(generate(await loadModel(aiSdk(options), { clock }), ask('?')));
  await arrived.promise;
  clock.advance(120_000);
  expect(await asked).toMatchObject({ code: 'model_timeout', data: { timeoutMs: 120_000 } });
  await hungUp.promise;
});

const source = (code: string): string => `data:text/javascript,${encodeURIComponent(code)}`;

test.each([
  [
    'a package that is not installed',
    { provider: '@ai-sdk/nobody' },
    'model_peer_missing',
    'npm install @ai-sdk/nobody',
  ],
  [
    'two factories',
    { provider: source('export const createA = () => {}, createB = () => {};') },
    'model_load_failed',
    'createA, createB',
  ],
  [
    'a factory that is not there',
    { provider: '@ai-sdk/openai', exportName: 'createNobody' },
    'model_load_failed',
    'createOpenAI',
  ],
  [
    'a method that is not there',
    { provider: '@ai-sdk/openai', method: 'nothing' },
    'model_load_failed',
    '"nothing"',
  ],
  [
    'a module that is none',
    { provider: source('export const createX = () => ({ languageModel: () => ({}) });') },
    'model_load_failed',
    'no language model',
  ],
] as [string, Partial<AiSdkOptions>, ErrorCode, string][])('%s is told', async (_, options, code, said) => {
  const error = await refused(loadModel(aiSdk({ ...openaiChat(''), method: 'languageModel', ...options })));
  expect(error, String(error)).toMatchObject({ code });
  expect((error as Error).message).toContain(said);
});

test.each([
  ['2', "'length'", '{ inputTokens: 1000, outputTokens: 40, totalTokens: 1040, cachedInputTokens: 900 }'],
  [
    '3',
    "{ unified: 'length', raw: 'max' }",
    '{ inputTokens: { total: 1000, noCache: 100, cacheRead: 900 }, outputTokens: { total: 40 } }',
  ],
])('version %s of the interface is understood', async (_, finishReason, usage) => {
  const answer = `{ content: [{ type: 'text', text: 'a' }], finishReason: ${finishReason}, usage: ${usage} }`;
  const model = `{ doGenerate: async () => (${answer}), doStream: async () => {} }`;
  const provider = source(`export const createOld = () => ({ languageModel: () => (${model}) });`);
  expect(await generate(await loadModel(aiSdk({ provider, model: 'm' })), ask('?'))).toEqual({
    text: 'a',
    toolCalls: [],
    stopReason: 'max_tokens',
    usage: { inputTokens: 100, cachedInputTokens: 900, outputTokens: 40 },
  });
});

test('a key that is nowhere is told with the variable to set', async () => {
  const before = process.env.OPENAI_API_KEY;
  delete process.env.OPENAI_API_KEY;
  onTestFinished(() => {
    if (before !== undefined) process.env.OPENAI_API_KEY = before;
  });
  const model = await loadModel(aiSdk({ provider: '@ai-sdk/openai', model: 'gpt-5-mini' }));
  const error = await refused(generate(model, ask('?')));
  expect(error).toMatchObject({ code: 'model_key_missing', data: { variable: 'OPENAI_API_KEY' } });
});

test.each([
  [{ model: 'm' }, 'provider'],
  [{ provider: 'p' }, 'model'],
  [{ provider: 'p', model: 'm', settings: [] }, 'settings'],
  [{ provider: 'p', model: 'm', apiKey: 'k' }, 'apiKey'],
])('the options %j are rejected', (options, option) => {
  expect(() => aiSdk(options as unknown as AiSdkOptions)).toThrow(`The option "${option}" is invalid`);
});

test.each([
  ['@ai-sdk/openai', 'openai/m'],
  ['@openrouter/ai-sdk-provider', 'openrouter/m'],
  ['ollama-ai-provider-v2', 'ollama/m'],
  ['ai-sdk-ollama', 'ollama/m'],
  ['file:///app/our-gateway.js', 'our-gateway/m'],
])('a reference to %s is JSON with the name %s', (provider, name) => {
  const ref = aiSdk({ provider, model: 'm' });
  expect(ref.name).toBe(name);
  expect(JSON.parse(JSON.stringify(ref))).toEqual(ref);
});
