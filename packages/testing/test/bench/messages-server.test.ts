import { expect, onTestFinished, test } from 'vitest';
import { startMessagesServer } from '../../src/bench/language-model/messages-server.ts';

interface Answer {
  readonly status: number;
  readonly body: {
    readonly content: readonly { readonly type: string; readonly name?: string; readonly input?: object }[];
    readonly stop_reason: string;
    readonly error?: { readonly type: string };
  };
}

async function server(): Promise<(body: unknown, path?: string) => Promise<Answer>> {
  const { url, close } = await startMessagesServer();
  onTestFinished(close);
  return async (body, path = '/v1/messages') => {
    const response = await fetch(url + path, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Answer['body'] };
  };
}

const tool = (name: string) => ({ name, input_schema: { type: 'object' } });
const opening = { role: 'user', content: [{ type: 'text', text: 'Reason: memory of the shop grows' }] };
const asked = (id: string, name: string, input: object = {}) => ({
  role: 'assistant',
  content: [{ type: 'tool_use', id, name, input }],
});
const told = (id: string, content: unknown) => ({
  role: 'user',
  content: [{ type: 'tool_result', tool_use_id: id, content: JSON.stringify(content) }],
});

test('an operator begins with a snapshot and looks into what its checks find in it', async () => {
  const ask = await server();
  const tools = [tool('take_snapshot'), tool('execute'), tool('send_notification'), tool('done')];
  const first = await ask({ model: 'm', tools, messages: [opening] });
  expect(first.body).toMatchObject({
    stop_reason: 'tool_use',
    content: expect.arrayContaining([expect.objectContaining({ type: 'tool_use', name: 'take_snapshot' })]),
  });
  const healthy = { id: 's1', skill: 'gc', capturedAt: new Date().toISOString(), data: {} };
  const messages = [opening, asked('t1', 'take_snapshot'), told('t1', healthy)];
  const second = await ask({ model: 'm', tools, messages });
  expect(second.body.content.map(({ name }) => name)).toEqual([undefined, 'set_state', 'done']);
});

test('a coordinator asks what was reported before it decides, and invites whom its prompt names', async () => {
  const ask = await server();
  const tools = [tool('invoke_operators'), tool('get_notifications'), tool('get_operator_statuses')];
  const system = '# Operators that you can invoke\n- gc: collections of garbage\n- http: requests\n\n# Other';
  const first = await ask({ model: 'm', system, tools, messages: [opening] });
  expect(first.body.content.flatMap(({ name }) => name ?? [])).toEqual([
    'get_operator_statuses',
    'get_notifications',
  ]);
  const looked = {
    role: 'assistant',
    content: ['get_operator_statuses', 'get_notifications'].map((name) => ({
      type: 'tool_use',
      id: name,
      name,
      input: {},
    })),
  };
  const answers = {
    role: 'user',
    content: [
      ...told('get_operator_statuses', { running: [], finished: [] }).content,
      ...told('get_notifications', []).content,
    ],
  };
  const second = await ask({ model: 'm', system, tools, messages: [opening, looked, answers] });
  expect(second.body.content).toContainEqual(
    expect.objectContaining({
      name: 'invoke_operators',
      input: expect.objectContaining({ operators: ['gc', 'http'] }),
    }),
  );
});

test.each([
  ['another path', {}, '/v1/complete', 404, 'not_found_error'],
  ['no JSON', '{', undefined, 400, 'invalid_request_error'],
])('%s is refused as the API does', async (_what, body, path, status, type) => {
  const ask = await server();
  const answer = await ask(body, path);
  expect(answer.status).toBe(status);
  expect(answer.body.error?.type).toBe(type);
});
