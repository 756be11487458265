// Against real HTTP servers on loopback: aimock where the Messages API's own behaviour counts, a plain server where
// the exact bytes do.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { type ErrorResponse, LLMock, type TextResponse } from '@copilotkit/aimock';
import { expect, onTestFinished, test } from 'vitest';
import { type ErrorCode, isError } from '../../src/errors.ts';
import type { JsonObject } from '../../src/json.ts';
import { loadModel } from '../../src/llm/load-model.ts';
import type { Model, ModelRequest } from '../../src/llm/model.ts';
import { type AnthropicOptions, anthropic } from '../../src/llm/references.ts';
import { malformedInputOf } from '../../src/llm/tool-arguments.ts';

const tools = [
  { name: 'take_snapshot', description: 'Takes one.', inputSchema: { type: 'object', properties: {} } },
  {
    name: 'execute',
    description: 'Runs code.',
    inputSchema: { type: 'object', properties: { code: { type: 'string' } }, required: ['code'] },
  },
] as const;

const request: ModelRequest = {
  system: 'You watch a process.',
  messages: [{ role: 'user', text: 'memory alert' }],
  tools,
};

const afterTools: ModelRequest = {
  ...request,
  messages: [
    ...request.messages,
    {
      role: 'assistant',
      text: '',
      toolCalls: [
        { id: 'c1', name: 'take_snapshot', arguments: {} },
        { id: 'c2', name: 'execute', arguments: { code: 'return x' } },
      ],
    },
    {
      role: 'tool',
      results: [
        { callId: 'c1', name: 'take_snapshot', content: { id: 's1', heapUsedMb: 91 }, isError: false },
        { callId: 'c2', name: 'execute', content: { error: 'x is not defined' }, isError: true },
      ],
    },
    { role: 'user', text: 'Current state: observing' },
  ],
};

const load = (options: AnthropicOptions): Promise<Model> =>
  loadModel(anthropic({ apiKey: 'test-key', model: 'claude-test', ...options }));

const generate = (model: Model, asked: ModelRequest = request): ReturnType<Model['generate']> =>
  model.generate(asked, { signal: new AbortController().signal });

async function mocked(): Promise<LLMock> {
  const mock = new LLMock({ port: 0 });
  await mock.start();
  onTestFinished(() => mock.stop());
  return mock;
}

type Handler = (response: ServerResponse, body: JsonObject, request: IncomingMessage) => void;

async function served(handler: Handler): Promise<string> {
  const server = createServer(async (incoming, response) => {
    handler(response, (await json(incoming)) as JsonObject, incoming);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function answer(response: ServerResponse, content: unknown, more: JsonObject = {}): void {
  const usage = { input_tokens: 1, output_tokens: 1 };
  const message = {
    id: 'm',
    type: 'message',
    role: 'assistant',
    model: 'claude-test',
    content,
    usage,
    ...more,
  };
  response
    .setHeader('content-type', 'application/json')
    .end(JSON.stringify({ stop_reason: 'end_turn', ...message }));
}

test('a text answer comes with the name and the key that were given', async () => {
  const mock = await mocked();
  mock.onMessage(/memory alert/, { content: 'All is well.' });
  const model = await load({ baseUrl: mock.url });
  expect(model.name).toBe('anthropic/claude-test');
  expect(await generate(model)).toMatchObject({ text: 'All is well.', toolCalls: [], stopReason: 'end' });
  expect(mock.getLastRequest()?.body).toMatchObject({ model: 'claude-test', max_tokens: 4096 });
});

test('tool calls are answered by their results in the next turn', async () => {
  const mock = await mocked();
  mock.on(
    { predicate: (asked) => asked.messages.at(-1)?.role === 'user' && asked.messages.length < 4 },
    {
      content: 'Looking.',
      toolCalls: [
        { id: 'c1', name: 'take_snapshot', arguments: '{}' },
        { id: 'c2', name: 'execute', arguments: '{"code":"return x"}' },
      ],
    },
  );
  mock.on(
    { predicate: (asked) => JSON.stringify(asked.messages).includes('heapUsedMb') },
    { content: 'Seen.' },
  );
  const model = await load({ baseUrl: mock.url });
  expect(await generate(model)).toMatchObject({
    text: 'Looking.',
    stopReason: 'tool_use',
    toolCalls: [
      { id: 'c1', name: 'take_snapshot', arguments: {} },
      { id: 'c2', name: 'execute', arguments: { code: 'return x' } },
    ],
  });
  expect(await generate(model, afterTools)).toMatchObject({ text: 'Seen.', stopReason: 'end' });
});

test('tools with the common system prompt, the own part and the last message are marked for the prompt cache', async () => {
  let sent: JsonObject = {};
  const baseUrl = await served((response, body) => {
    sent = body;
    answer(response, [{ type: 'text', text: 'ok' }]);
  });
  const system = 'You watch a process.\n\nIts memory.';
  const asked = { ...afterTools, system, commonSystem: 'You watch a process.\n' };
  await generate(await load({ baseUrl, maxOutputTokens: 512 }), asked);
  const ephemeral = { cache_control: { type: 'ephemeral' } };
  expect(sent).toEqual({
    model: 'claude-test',
    max_tokens: 512,
    system: [
      { type: 'text', text: 'You watch a process.\n', ...ephemeral },
      { type: 'text', text: '\nIts memory.', ...ephemeral },
    ],
    tools: [
      { name: 'take_snapshot', description: 'Takes one.', input_schema: tools[0].inputSchema },
      { name: 'execute', description: 'Runs code.', input_schema: tools[1].inputSchema },
    ],
    messages: [
      { role: 'user', content: [{ type: 'text', text: 'memory alert' }] },
      {
        role: 'assistant',
        content: [
          { type: 'tool_use', id: 'c1', name: 'take_snapshot', input: {} },
          { type: 'tool_use', id: 'c2', name: 'execute', input: { code: 'return x' } },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'c1', content: '{"id":"s1","heapUsedMb":91}' },
          { type: 'tool_result', tool_use_id: 'c2', content: '{"error":"x is not defined"}', is_error: true },
          { type: 'text', text: 'Current state: observing', ...ephemeral },
        ],
      },
    ],
  });
});

test('cache writes count as input, cache reads apart', async () => {
  const usage = {
    input_tokens: 10,
    cache_creation_input_tokens: 200,
    cache_read_input_tokens: 3_000,
    output_tokens: 40,
  };
  const baseUrl = await served((response) => answer(response, [{ type: 'text', text: 'ok' }], { usage }));
  const { usage: counted } = await generate(await load({ baseUrl }));
  expect(counted).toEqual({ inputTokens: 210, cachedInputTokens: 3_000, outputTokens: 40 });
});

test.each([
  ['end_turn', 'end'],
  ['stop_sequence', 'end'],
  ['max_tokens', 'max_tokens'],
  ['model_context_window_exceeded', 'max_tokens'],
  ['refusal', 'refusal'],
])('the stop reason %s is %s', async (stop_reason, expected) => {
  const baseUrl = await served((response) =>
    answer(response, [{ type: 'text', text: 'ok' }], { stop_reason }),
  );
  expect((await generate(await load({ baseUrl }))).stopReason).toBe(expected);
});

test('a refusal without content is an answer, not an error', async () => {
  const baseUrl = await served((response) => answer(response, [], { stop_reason: 'refusal' }));
  expect(await generate(await load({ baseUrl }))).toMatchObject({ text: '', stopReason: 'refusal' });
});

test.each([
  ['{"code": ', '{"code": '],
  [['code'], '["code"]'],
  [null, 'null'],
])('a tool input that is not an object (%j) reaches the loop as malformed', async (input, said) => {
  const block = { type: 'tool_use', id: 'c1', name: 'execute', input };
  const baseUrl = await served((response) => answer(response, [block], { stop_reason: 'tool_use' }));
  const [call] = (await generate(await load({ baseUrl }))).toolCalls;
  expect(call?.name).toBe('execute');
  expect(call && malformedInputOf(call)).toBe(said);
});

test('a 429 with Retry-After and a 529 are tried again inside one call', async () => {
  const mock = await mocked();
  const answers: (ErrorResponse | TextResponse)[] = [
    { error: { message: 'slow down', type: 'rate_limit_error' }, status: 429, retryAfter: 1 },
    { error: { message: 'overloaded', type: 'overloaded_error' }, status: 529 },
  ];
  mock.onMessage(/memory alert/, () => answers.shift() ?? { content: 'Here you are.' });
  const startedAt = performance.now();
  expect((await generate(await load({ baseUrl: mock.url }))).text).toBe('Here you are.');
  expect(performance.now() - startedAt).toBeGreaterThan(990);
  expect(mock.getRequests()).toHaveLength(3);
});

const failures: [number, string, ErrorCode, boolean][] = [
  [400, 'invalid_request_error', 'model_failed', false],
  [401, 'authentication_error', 'model_failed', false],
  [404, 'not_found_error', 'model_failed', false],
  [429, 'rate_limit_error', 'model_rate_limited', true],
  [500, 'api_error', 'model_unavailable', true],
  [503, 'overloaded_error', 'model_overloaded', true],
  [529, 'overloaded_error', 'model_overloaded', true],
];

test.each(failures)('HTTP %i (%s) is %s, retryable: %s', async (status, type, code, retryable) => {
  const baseUrl = await served((response) => {
    response.writeHead(status, { 'content-type': 'application/json', 'request-id': 'req_7' });
    response.end(JSON.stringify({ type: 'error', error: { type, message: 'the server says so' } }));
  });
  const error = await generate(await load({ baseUrl, maxRetries: 0 })).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code,
    retryable,
    data: { status, requestId: 'req_7', model: 'anthropic/claude-test' },
  });
  expect((error as Error).message).toContain('the server says so');
  expect((error as Error).cause).toMatchObject({ status });
});

test.each([
  ['empty content', '{"type":"message","content":[],"stop_reason":"end_turn"}', 'model_response_empty'],
  ['blank text', '{"type":"message","content":[{"type":"text","text":" "}]}', 'model_response_empty'],
  ['no content at all', '{"hello":"world"}', 'model_response_empty'],
  ['broken JSON', '{"type":"message","content":[', 'model_unavailable'],
] as [string, string, ErrorCode][])('%s is %s', async (_, body, code) => {
  const baseUrl = await served((response) => {
    response.setHeader('content-type', 'application/json').end(body);
  });
  const error = await generate(await load({ baseUrl, maxRetries: 0 })).catch((thrown: unknown) => thrown);
  expect(isError(error, code), String(error)).toBe(true);
});

test('a server that is not there is named with its cause', async () => {
  const error = await generate(await load({ baseUrl: 'http://127.0.0.1:9', maxRetries: 0 })).catch(
    (thrown: unknown) => thrown,
  );
  expect(isError(error, 'model_unavailable')).toBe(true);
  expect((error as Error).message).toMatch(/ECONNREFUSED|bad port/);
});

test('a call that takes too long is given up', async () => {
  const baseUrl = await served(() => undefined);
  const error = await generate(await load({ baseUrl, maxRetries: 0, timeoutMs: 50 })).catch(
    (thrown: unknown) => thrown,
  );
  expect(isError(error, 'model_timeout')).toBe(true);
});

test('an abort in flight ends the HTTP request and rejects with run_cancelled', async () => {
  const arrived = Promise.withResolvers<void>();
  const hungUp = Promise.withResolvers<void>();
  const baseUrl = await served((_response, _body, incoming) => {
    incoming.socket.once('close', hungUp.resolve);
    arrived.resolve();
  });
  const controller = new AbortController();
  const model = await load({ baseUrl });
  const answered = model.generate(request, { signal: controller.signal }).catch((thrown: unknown) => thrown);
  await arrived.promise;
  controller.abort();
  expect(isError(await answered, 'run_cancelled')).toBe(true);
  await hungUp.promise;
});

test('an abort while waiting for Retry-After rejects at once', async () => {
  const refused = Promise.withResolvers<void>();
  const baseUrl = await served((response) => {
    response.once('finish', refused.resolve);
    response.writeHead(429, { 'retry-after': '50' }).end('{}');
  });
  const controller = new AbortController();
  const model = await load({ baseUrl });
  const answered = model.generate(request, { signal: controller.signal }).catch((thrown: unknown) => thrown);
  await refused.promise;
  controller.abort();
  expect(isError(await answered, 'run_cancelled')).toBe(true);
});

test('a Retry-After of an hour is told, not waited out', async () => {
  let requests = 0;
  const baseUrl = await served((response) => {
    requests += 1;
    response.writeHead(429, { 'retry-after': '3600', 'content-type': 'application/json' });
    response.end('{"type":"error","error":{"type":"rate_limit_error","message":"quota"}}');
  });
  const error = await generate(await load({ baseUrl })).catch((thrown: unknown) => thrown);
  expect(isError(error, 'model_rate_limited')).toBe(true);
  expect((error as Error).message).toMatch(/quota.*it asks to wait 3600 s/);
  expect(requests).toBe(1);
});

test('the key comes from the environment, and its absence is told before any request', async () => {
  const before = process.env.ANTHROPIC_API_KEY;
  onTestFinished(() => {
    if (before === undefined) delete process.env.ANTHROPIC_API_KEY;
    else process.env.ANTHROPIC_API_KEY = before;
  });
  const seen: (string | undefined)[] = [];
  const baseUrl = await served((response, _, { headers }) => {
    seen.push(JSON.stringify(headers));
    answer(response, [{ type: 'text', text: 'ok' }]);
  });
  delete process.env.ANTHROPIC_API_KEY;
  const error = await loadModel(anthropic({ baseUrl })).catch((thrown: unknown) => thrown);
  expect(isError(error, 'model_key_missing')).toBe(true);
  process.env.ANTHROPIC_API_KEY = 'key-of-the-environment';
  await generate(await loadModel(anthropic({ baseUrl })));
  expect(seen).toHaveLength(1);
  expect(seen[0]).toContain('key-of-the-environment');
});

test.each([
  [{ modell: 'x' }, 'modell'],
  [{ model: '' }, 'model'],
  [{ maxRetries: -1 }, 'maxRetries'],
  [{ timeoutMs: '5' }, 'timeoutMs'],
])('the options %j are rejected', (options, option) => {
  expect(() => anthropic(options as AnthropicOptions)).toThrow(`The option "${option}" is invalid`);
});

test('a reference is JSON', () => {
  const ref = anthropic({ model: 'claude-test' });
  expect(JSON.parse(JSON.stringify(ref))).toEqual(ref);
});
