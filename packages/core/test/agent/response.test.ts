// What a model answered is checked where it enters.
import { expect, test } from 'vitest';
import { noCalls } from '../../src/agent/meter.ts';
import { checkedResponse } from '../../src/agent/response.ts';
import type { ModelResponse } from '../../src/llm/model.ts';

const usage = { inputTokens: 3, cachedInputTokens: 2, outputTokens: 1 };
const sound: ModelResponse = {
  text: '',
  toolCalls: [{ id: 'a', name: 'think', arguments: {} }],
  stopReason: 'tool_use',
  usage,
};

test('a sound answer stays as it is', () => {
  expect(checkedResponse(sound, 'm')).toEqual(sound);
});

test.for([
  ['null', null],
  ['nothing', undefined],
  ['a text', 'done'],
  ['an empty object', {}],
  ['a text that is none', { ...sound, text: 5 }],
  ['calls that are no list', { ...sound, toolCalls: 'think' }],
  ['a call that is null', { ...sound, toolCalls: [null] }],
  ['a call without a name', { ...sound, toolCalls: [{ id: 'a', arguments: {} }] }],
  ['arguments that are no object', { ...sound, toolCalls: [{ id: 'a', name: 'b', arguments: 'x' }] }],
])('%s is no answer: the run fails with a reason', ([, answer]) => {
  expect(() => checkedResponse(answer as unknown as ModelResponse, 'm')).toThrow(/"m" failed.*is no answer/);
});

test('tokens that a provider does not tell count as none', () => {
  const { calls: _, ...none } = noCalls;
  const untold = { ...sound, usage: undefined } as unknown as ModelResponse;
  expect(checkedResponse(untold, 'm').usage).toEqual(none);
  const broken = { ...sound, usage: { ...usage, inputTokens: Number.NaN } };
  expect(checkedResponse(broken, 'm').usage).toEqual({ ...usage, inputTokens: 0 });
});
