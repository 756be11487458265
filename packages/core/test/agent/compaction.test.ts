import { expect, test } from 'vitest';
import { type CompactionLimits, compact, createCompactor } from '../../src/agent/compaction.ts';
import { iterationsReached, runLoop, userMessage } from '../../src/agent/loop.ts';
import { answer, defineTool } from '../../src/agent/tool.ts';
import type { Message, Transcript } from '../../src/agent/transcript.ts';
import { fail } from '../../src/errors.ts';
import type { Model, ModelRequest } from '../../src/llm/model.ts';
import { says, scripted } from '../operator/scripted.ts';

const turn = (n: number): Message[] => [
  {
    role: 'assistant',
    text: '',
    toolCalls: [{ id: `c${n}`, name: 'take_snapshot', arguments: {} }],
  },
  {
    role: 'tool',
    results: [{ callId: `c${n}`, name: 'take_snapshot', content: { id: `${n}`.repeat(16) }, isError: false }],
  },
];
const transcript: Transcript = [{ role: 'user', text: 'why' }, ...turn(1), ...turn(2), ...turn(3)];
const limits = { atTokens: 0, keepLast: 3, keep: 'ids.' };
const { signal } = new AbortController();

test('all but the first and the last messages become one summary', async () => {
  const model = scripted([says('Nothing much in 1111111111111111.')]);
  const compacted = await compact(transcript, limits, { model, signal });
  expect(compacted.map((message) => message.role)).toEqual([
    'user',
    'user',
    'assistant',
    'tool',
    'assistant',
    'tool',
  ]);
  expect(compacted[0]).toEqual(transcript[0]);
  expect(compacted[1]).toMatchObject({ text: expect.stringContaining('Nothing much') });
  expect(model.requests[0]?.messages[0]).toMatchObject({ text: expect.stringContaining('1111111111111111') });
});

test('ids that the summary lost are listed after it', async () => {
  const compacted = await compact(transcript, limits, { model: scripted([says('Nothing.')]), signal });
  expect(compacted[1]).toMatchObject({ text: expect.stringContaining('1111111111111111') });
});

test('a tool result is never kept without its call', async () => {
  const model = scripted([says('Nothing.')]);
  const compacted = await compact(transcript, { ...limits, keepLast: 1 }, { model, signal });
  expect(compacted.map((message) => message.role)).toEqual(['user', 'user', 'assistant', 'tool']);
});

test.each([
  ['a failing model', scripted([fail('model_failed', { model: 'm', reason: 'no' })])],
  ['an empty summary', scripted([says('')])],
  ['a refusal', scripted([{ text: 'No.', stopReason: 'refusal' }])],
  ['a summary that is longer than what it stands for', scripted([says('It is long. '.repeat(20))])],
])('%s leaves the conversation as it is', async (_, model) => {
  expect(await compact(transcript, limits, { model, signal })).toBe(transcript);
});

test('a conversation that is short is left alone', async () => {
  expect(await compact(transcript.slice(0, 3), limits, { model: scripted([]), signal })).toHaveLength(3);
});

const padded = (n: number): string => n.toString(16).padStart(16, '0');
const tokensOf = (value: unknown): number => JSON.stringify(value).length / 4;

/** Takes a snapshot in each turn, counts tokens as a provider does, and loses all ids in its summaries. */
function explorer(
  countsTokens: boolean,
): Model & { readonly turns: ModelRequest[]; readonly summaries: ModelRequest[] } {
  const turns: ModelRequest[] = [];
  const summaries: ModelRequest[] = [];
  return {
    name: 'explorer',
    turns,
    summaries,
    generate: async (request) => {
      const inputTokens = countsTokens ? tokensOf([request.system, request.tools, request.messages]) : 0;
      const usage = { inputTokens, cachedInputTokens: 0, outputTokens: 10 };
      if (request.tools.length === 0) {
        summaries.push(request);
        return { text: 'Steady so far.', toolCalls: [], stopReason: 'end', usage };
      }
      const id = `c${turns.push(request)}`;
      const toolCalls = [{ id, name: 'take_snapshot', arguments: {} }];
      return { text: '', toolCalls, stopReason: 'tool_use', usage };
    },
  };
}

async function explore(turns: number, limits: CompactionLimits, model: Model): Promise<Transcript> {
  let taken = 0;
  const snapshot = defineTool({
    name: 'take_snapshot',
    description: 'Takes one.',
    params: {},
    run: () => answer({ id: padded(++taken), data: { heapUsedMb: taken, note: 'x'.repeat(400) } }),
  });
  const loop = runLoop({
    model,
    system: 'You watch.',
    opening: [userMessage('why')],
    tools: [snapshot],
    stopWhen: [iterationsReached(turns)],
    compaction: limits,
    signal,
  });
  let transcript: Transcript = [];
  for (let next = await loop.next(); ; next = await loop.next()) {
    if (next.done) {
      expect(next.value).toEqual({ kind: 'stopped', by: 'iterations' });
      return transcript;
    }
    transcript = next.value.transcript;
  }
}

test.each([true, false])(
  '200 turns stay under the limit and lose no id (provider counts: %s)',
  async (counts) => {
    const model = explorer(counts);
    const transcript = await explore(200, { atTokens: 5_000, keepLast: 5, keep: 'ids.' }, model);
    expect(Math.max(...model.turns.map(({ messages }) => tokensOf(messages)))).toBeLessThan(5_000);
    expect(model.summaries.length).toBeGreaterThan(3);
    expect(model.summaries.length).toBeLessThan(15);
    const kept = JSON.stringify(transcript);
    expect(Array.from({ length: 200 }, (_, n) => padded(n + 1)).filter((id) => !kept.includes(id))).toEqual(
      [],
    );
    for (const { messages } of model.turns) {
      const called = messages.flatMap((m) => (m.role === 'assistant' ? m.toolCalls.map(({ id }) => id) : []));
      const answered = messages.flatMap((m) =>
        m.role === 'tool' ? m.results.map(({ callId }) => callId) : [],
      );
      expect(answered).toEqual(called);
    }
  },
);

test('a conversation whose last messages alone are over the limit is not compacted at each turn', async () => {
  const model = explorer(true);
  await explore(40, { atTokens: 100, keepLast: 5, keep: 'ids.' }, model);
  expect(model.summaries.length).toBeLessThan(15);
});

test('after a compaction the next waits until a quarter more has come', async () => {
  const model = scripted([says('Nothing.'), says('Nothing.')]);
  const compactor = createCompactor({ ...limits, atTokens: 100 });
  const before = { model, signal };
  expect(await compactor(transcript, 99, before)).toBe(transcript);
  expect(await compactor(transcript, 100, before)).not.toBe(transcript);
  expect(await compactor(transcript, 120, before)).toBe(transcript);
  expect(await compactor(transcript, 149, before)).toBe(transcript);
  expect(await compactor(transcript, 150, before)).not.toBe(transcript);
});

test('what a provider wants to see again stays with the messages that are kept', async () => {
  const verbatim = {
    model: 'm',
    content: [{ type: 'reasoning', text: 'hm', providerOptions: { m: { signature: 's' } } }],
  };
  const signed = transcript.map((m) => (m.role === 'assistant' ? { ...m, verbatim } : m));
  const model = scripted([says('Nothing.')]);
  const compacted = await compact(signed, limits, { model, signal });
  expect(compacted.slice(2)).toEqual(signed.slice(-4));
  expect(JSON.stringify(model.requests[0])).not.toContain('signature');
});
