// A provider that begins well and then fails for good, in each way that providers fail: what was found is kept, the
// run says how it ended, and both the requests and the time are bounded. Over real HTTP, with time that the test owns.
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { ManualClock } from '@nodelens/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ErrorCode } from '../../src/errors.ts';
import type { JsonObject } from '../../src/json.ts';
import type { ModelRef } from '../../src/llm/model.ts';
import { aiSdk, anthropic, fallback, triage } from '../../src/llm/references.ts';
import type { OperatorStatus } from '../../src/operator/notification.ts';
import { scripted } from './scripted.ts';
import { createWorld, type World } from './world.ts';

interface Said {
  readonly calls?: readonly [string, JsonObject][];
  readonly ended?: 'cut' | 'refused';
}

interface Shape {
  readonly ref: (url: string) => ModelRef;
  readonly body: (said: Said) => JsonObject;
}

const messagesApi: Shape = {
  ref: (baseUrl) => anthropic({ apiKey: 'k', baseUrl, maxRetries: 0 }),
  body: ({ calls = [], ended }) => ({
    type: 'message',
    content: calls.map(([name, input], n) => ({ type: 'tool_use', id: `c${n}`, name, input })),
    stop_reason: ended === 'cut' ? 'max_tokens' : ended === 'refused' ? 'refusal' : 'end_turn',
    usage: { input_tokens: 10, output_tokens: 5 },
  }),
};

const chatApi: Shape = {
  ref: (url) =>
    aiSdk({
      provider: '@ai-sdk/openai-compatible',
      model: 'm',
      settings: { name: 'local', baseURL: `${url}/v1` },
    }),
  body: ({ calls = [], ended }) => ({
    choices: [
      {
        finish_reason: ended === 'cut' ? 'length' : ended === 'refused' ? 'content_filter' : 'stop',
        message: {
          role: 'assistant',
          content: '',
          tool_calls: calls.map(([name, args], n) => ({
            id: `c${n}`,
            type: 'function',
            function: { name, arguments: JSON.stringify(args) },
          })),
        },
      },
    ],
    usage: { prompt_tokens: 10, completion_tokens: 5 },
  }),
};

interface Api {
  readonly response: ServerResponse;
  readonly clock: ManualClock;
  readonly say: (said: Said) => void;
}

interface Way {
  readonly fails: (api: Api) => void;
  readonly status: OperatorStatus;
  readonly code: ErrorCode;
  /** Requests from the first that failed. */
  readonly requests: number;
  /** What it says to them counts as an answer. */
  readonly isAnswered?: true;
}

const refusing =
  (status: number, headers: Record<string, string> = {}): Way['fails'] =>
  ({ response }) =>
    response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end('{"error":{"message":"no"}}');

const ways: Readonly<Record<string, Way>> = {
  'refuses the key': { fails: refusing(401), status: 'failed', code: 'model_failed', requests: 1 },
  'limits the rate without end': {
    fails: refusing(429, { 'retry-after': '4' }),
    status: 'failed',
    code: 'model_rate_limited',
    requests: 3,
  },
  'has no quota left': {
    fails: refusing(429, { 'retry-after': '3600' }),
    status: 'failed',
    code: 'model_rate_limited',
    requests: 1,
  },
  'is overloaded': { fails: refusing(529), status: 'failed', code: 'model_overloaded', requests: 3 },
  'has errors': { fails: refusing(500), status: 'failed', code: 'model_unavailable', requests: 3 },
  'does not answer': {
    fails: ({ clock }) => clock.advance(120_000),
    status: 'failed',
    code: 'model_timeout',
    requests: 3,
  },
  'hangs up in the middle': {
    fails: ({ response }) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '900' });
      response.write('{"type":', () => response.destroy());
    },
    status: 'failed',
    code: 'model_unavailable',
    requests: 3,
  },
  'answers with broken JSON': {
    fails: ({ response }) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"content":[{"type":"tool_use"'),
    status: 'failed',
    code: 'model_unavailable',
    requests: 3,
  },
  'answers with nothing': {
    fails: ({ say }) => say({}),
    isAnswered: true,
    status: 'failed',
    code: 'model_failed',
    requests: 3,
  },
  refuses: {
    fails: ({ say }) => say({ ended: 'refused' }),
    isAnswered: true,
    status: 'failed',
    code: 'model_failed',
    requests: 1,
  },
  'calls tools that are none': {
    fails: ({ say }) => say({ calls: [['format_disk', { now: true }]] }),
    isAnswered: true,
    status: 'iterations_exceeded',
    code: 'run_iterations_exceeded',
    requests: 6,
  },
  'is cut each time': {
    fails: ({ say }) => say({ ended: 'cut' }),
    isAnswered: true,
    status: 'failed',
    code: 'model_failed',
    requests: 3,
  },
};

interface Provider {
  readonly url: string;
  /** Of all requests. */
  readonly count: () => number;
}

/** Two good turns, that take a snapshot and send a notification (or those after `done`); then what comes `next`. */
async function provider(
  shape: Shape,
  clock: ManualClock,
  next: (api: Api) => void,
  done = 0,
): Promise<Provider> {
  let count = 0;
  const server = createServer(async (request, response) => {
    const asked = JSON.stringify(await json(request));
    count += 1;
    const say = (said: Said): void => {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(shape.body(said)));
    };
    const [snapshot] = /[0-9a-f]{16}/.exec(asked.slice(asked.indexOf('usedMb') - 200)) ?? [];
    if (count + done === 1) say({ calls: [['take_snapshot', {}]] });
    else if (count + done === 2) say({ calls: [['send_notification', notification(snapshot)]] });
    else next({ response, clock, say });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, count: () => count };
}

const notification = (snapshot = ''): JsonObject => ({
  type: 'memory.high',
  severity: 'warning',
  context: 'Heap is at 90 MB of 100.',
  observation: 'usedMb is 90.',
  snapshot_ids: [snapshot],
});

/** Passes the pauses between attempts at once. */
const run = (world: World, clock: ManualClock, model: ModelRef): ReturnType<World['run']> =>
  world.run({
    spec: { model },
    limits: { maxIterations: 8 },
    onEvent: (event) => {
      if (event.type === 'operator.model_failed' && event.willRetry) setImmediate(() => clock.advance(4_000));
    },
  });

describe.each([
  ['Messages API', messagesApi],
  ['chat API', chatApi],
])('%s', (_, shape) => {
  test.each(Object.entries(ways))('a provider that %s loses no finding', async (_, way) => {
    const clock = new ManualClock(1_000_000);
    const { url, count } = await provider(shape, clock, way.fails);
    const world = createWorld(scripted([]), undefined, clock);
    const result = await run(world, clock, shape.ref(url));
    const answers = 2 + (way.isAnswered ? way.requests : 0);
    expect(result).toMatchObject({
      status: way.status,
      error: { code: way.code },
      notifications: [{ type: 'memory.high', snapshots: [{ data: { usedMb: 90 } }] }],
      usage: { calls: answers },
    });
    expect(count()).toBe(2 + way.requests);
    expect(clock.now() - 1_000_000).toBeLessThanOrEqual(way.requests * 124_000);
    expect(clock.pending).toBe(0);
  });
});

test('with another model behind it, the run goes on from what was found', async () => {
  const clock = new ManualClock(1_000_000);
  const broken = await provider(messagesApi, clock, refusing(529));
  const sound = await provider(chatApi, clock, ({ say }) => say({ calls: [['done', {}]] }), 2);
  const world = createWorld(scripted([]), undefined, clock);
  const models = [messagesApi.ref(broken.url), chatApi.ref(sound.url)];
  const result = await run(world, clock, fallback(models));
  expect(result).toMatchObject({ status: 'completed', notifications: [{ type: 'memory.high' }] });
  expect([broken.count(), sound.count()]).toEqual([3, 1]);
  const failed = world.events.filter((event) => event.type === 'operator.model_failed');
  expect(failed).toMatchObject([{ code: 'model_overloaded', willRetry: true }]);
});

test.each([
  { since: 'the third turn', done: 0, found: 1 },
  { since: 'the first turn', done: 2, found: 0 },
])('with triage behind it, a run without any provider since $since ends well', async ({ done, found }) => {
  const clock = new ManualClock(1_000_000);
  const broken = await provider(messagesApi, clock, refusing(401), done);
  const world = createWorld(scripted([]), undefined, clock);
  const result = await run(world, clock, fallback([messagesApi.ref(broken.url), triage()]));
  expect(result).toMatchObject({ status: 'completed' });
  expect(result.notifications).toHaveLength(found);
});
