import { expect, onTestFinished, test } from 'vitest';
import { startMessagesServer } from '../../src/bench/language-model/messages-server.ts';

interface Answer {
  readonly status: number;
  readonly body: {
    readonly content: readonly {
      readonly type: string;
      readonly id?: string;
      readonly name?: string;
      readonly input?: { readonly code?: string };
    }[];
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

const collectionsTools = ['take_snapshot', 'execute', 'send_notification', 'set_state', 'done'].map(tool);
const growing = {
  id: 's1',
  skill: 'collections',
  capturedAt: new Date().toISOString(),
  data: { heapFloorMb: 60, heapFloorRisenMb: 30, heapFloorMbPerMinute: 200, heapFloorOnlyGrows: true },
};

test('a result that was cut is asked for again with shorter lists, and judged as what the script meant', async () => {
  const ask = await server();
  const say = async (messages: readonly object[]) => {
    const { body } = await ask({ model: 'm', tools: collectionsTools, messages });
    return body.content.find(({ type }) => type === 'tool_use');
  };
  const looked = [opening, asked('t1', 'take_snapshot'), told('t1', growing)];
  const script = await say(looked);
  const cut = [
    ...looked,
    asked('t2', 'execute', script?.input),
    told('t2', { truncated: true, note: 'too long', beginning: '{' }),
  ];
  const shorter = await say(cut);
  expect(shorter?.name).toBe('execute');
  const code = String(shorter?.input?.code);
  expect(code).toContain(script?.input?.code);
  const long = `return { list: ${JSON.stringify(Array.from({ length: 99 }, (_, n) => [n]))} };`;
  const rewritten = code.replace(String(script?.input?.code), long);
  const run = new Function(`return (async () => {${rewritten}})()`) as () => Promise<{ list: unknown[] }>;
  expect((await run()).list).toHaveLength(10);
  const evidence = { candidates: [], collectionsSeen: 0, isComplete: true, heapMb: 60 };
  const judged = await say([...cut, asked('t3', 'execute', shorter?.input), told('t3', evidence)]);
  expect(judged?.name).not.toBe('execute');
});

test('an operator that was told its time limit gathers incomplete evidence again within it', async () => {
  const ask = await server();
  const blocked = {
    id: 's1',
    skill: 'runtime',
    capturedAt: new Date().toISOString(),
    data: { mainBlockedMs: 5_000, longestStall1mMs: 0, stalls1m: 0 },
  };
  const stall = {
    id: 'x',
    startedAtMs: Date.now() - 5_000,
    durationMs: 5_000,
    ongoing: true,
    kind: 'native-io',
  };
  const evidence = {
    stall: { ...stall, samples: 0, culpritSamples: 0, evidence: 'live-stack' },
    stalls: [],
    hot: null,
  };
  const waitsOf = async (timeLimitSeconds: number): Promise<readonly string[]> => {
    const first = { role: 'user', content: JSON.stringify({ context: {}, timeLimitSeconds }) };
    const messages: object[] = [first, asked('t1', 'take_snapshot'), told('t1', blocked)];
    for (let turn = 2; turn < 5; turn += 1) {
      const { body } = await ask({ model: 'm', tools: collectionsTools, messages });
      const calls = body.content.filter(({ type }) => type === 'tool_use');
      if (calls.some(({ name }) => name === 'wait' || name === 'done'))
        return calls.map(({ name }) => String(name));
      messages.push({ role: 'assistant', content: calls }, {
        role: 'user',
        content: calls.map(({ id, name }) => ({
          type: 'tool_result',
          tool_use_id: id,
          content: JSON.stringify(name === 'execute' ? evidence : { sent: true, id: 'n1' }),
        })),
      } as never);
    }
    return [];
  };
  expect(await waitsOf(60)).toEqual(['wait', 'execute']);
  expect(await waitsOf(5)).toEqual(['send_notification', 'set_state', 'done']);
});

test('calls have ids of their own, over all conversations', async () => {
  const ask = await server();
  const ids = async () => {
    const { body } = await ask({ model: 'm', tools: collectionsTools, messages: [opening] });
    return body.content.flatMap(({ id }) => id ?? []);
  };
  expect(await ids()).not.toEqual(await ids());
});

const coordinatorTools = ['invoke_operators', 'get_notifications', 'wait'].map(tool);
const system = '# Operators that you can invoke\n- gc: collections of garbage\n- http: requests\n\n# Other';

test('a coordinator asks what was reported, invites whom its prompt names, and looks again after each wait', async () => {
  const ask = await server();
  const say = async (messages: readonly object[]) => {
    const { body } = await ask({ model: 'm', system, tools: coordinatorTools, messages });
    return body.content.filter(({ type }) => type === 'tool_use');
  };
  expect((await say([opening])).map(({ name }) => name)).toEqual(['get_notifications']);
  const looked = [opening, asked('t1', 'get_notifications'), told('t1', [])];
  const [invitation] = await say(looked);
  expect(invitation).toMatchObject({ name: 'invoke_operators', input: { operators: ['gc', 'http'] } });
  const invited = [
    ...looked,
    asked('t2', 'invoke_operators', invitation?.input),
    told('t2', { started: ['gc', 'http'] }),
  ];
  expect((await say(invited)).map(({ name }) => name)).toEqual(['wait', 'get_notifications']);
  const waited = [
    ...invited,
    asked('t3', 'wait', { ms: 1_000 }),
    told('t3', { waited: 900, news: 2, running: [] }),
  ];
  expect((await say(waited)).map(({ name }) => name)).toEqual(['done']);
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
