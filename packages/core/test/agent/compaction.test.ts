import { expect, test } from 'vitest';
import { compact } from '../../src/agent/compaction.ts';
import type { Message, Transcript } from '../../src/agent/transcript.ts';
import { fail } from '../../src/errors.ts';
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
])('%s leaves the conversation as it is', async (_, model) => {
  expect(await compact(transcript, limits, { model, signal })).toBe(transcript);
});

test('a conversation that is short is left alone', async () => {
  expect(await compact(transcript.slice(0, 3), limits, { model: scripted([]), signal })).toHaveLength(3);
});
