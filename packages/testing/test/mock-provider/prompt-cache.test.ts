import { expect, test } from 'vitest';
import {
  createPromptCache,
  type InputUsage,
  type MessagesRequest,
  type PromptCache,
} from '../../src/index.ts';

const mark = { cache_control: { type: 'ephemeral' } };
const text = (letter: string, tokens: number, marked = false) => ({
  type: 'text' as const,
  text: letter.repeat(tokens * 4),
  ...(marked && mark),
});

interface Asked {
  readonly common?: string;
  readonly own: string;
  readonly turns: readonly string[];
}

/** 100 tokens each: the common part and the own part (both marked) and each turn, the last of them marked. */
const request = ({ common = 'c', own, turns }: Asked): MessagesRequest => ({
  model: 'm',
  system: [text(common, 100, true), text(own, 100, true)],
  messages: turns.map((turn, index) => ({
    role: index % 2 === 0 ? 'user' : 'assistant',
    content: [text(turn, 100, index === turns.length - 1)],
  })),
});

const usage = (read: number, written: number, rest = 0): InputUsage => ({
  input_tokens: rest,
  cache_creation_input_tokens: written,
  cache_read_input_tokens: read,
});

function asked(cache: PromptCache, what: MessagesRequest): InputUsage {
  const { usage: counted, commit } = cache.admit(what);
  commit();
  return counted;
}

test('what is the same from the beginning is read, what is new is written', () => {
  const cache = createPromptCache({ minTokens: 100 });
  expect(asked(cache, request({ own: 'a', turns: ['1'] }))).toEqual(usage(0, 300));
  expect(asked(cache, request({ own: 'a', turns: ['1', '2', '3'] }))).toEqual(usage(300, 200));
  expect(asked(cache, request({ own: 'b', turns: ['1'] }))).toEqual(usage(100, 200));
  expect(asked(cache, request({ common: 'd', own: 'a', turns: ['1'] }))).toEqual(usage(0, 300));
});

test('prefixes that are too short are not cached', () => {
  const cache = createPromptCache({ minTokens: 250 });
  expect(asked(cache, request({ own: 'a', turns: ['1'] }))).toEqual(usage(0, 300));
  expect(asked(cache, request({ own: 'b', turns: ['1'] }))).toEqual(usage(0, 300));
  const short = createPromptCache({ minTokens: 301 });
  expect(asked(short, request({ own: 'a', turns: ['1'] }))).toEqual(usage(0, 0, 300));
});

test('a prefix is there when the answer that wrote it has begun, and is forgotten when it was not used for long', () => {
  let nowMs = 0;
  const cache = createPromptCache({ minTokens: 100, ttlMs: 300_000, now: () => nowMs });
  const first = cache.admit(request({ own: 'a', turns: ['1'] }));
  expect(cache.admit(request({ own: 'b', turns: ['1'] })).usage).toEqual(usage(0, 300));
  first.commit();
  expect(asked(cache, request({ own: 'b', turns: ['1'] }))).toEqual(usage(100, 200));
  nowMs += 299_999;
  expect(asked(cache, request({ own: 'b', turns: ['2'] }))).toEqual(usage(200, 100));
  nowMs += 299_999;
  expect(asked(cache, request({ own: 'a', turns: ['1'] }))).toEqual(usage(100, 200));
});

test('more breakpoints than the API takes are refused', () => {
  const turns = [1, 2, 3].map((n) => ({ role: 'user' as const, content: [text(`${n}`, 100, true)] }));
  const { system } = request({ own: 'a', turns: [] });
  expect(() => createPromptCache().admit({ model: 'm', ...(system && { system }), messages: turns })).toThrow(
    /maximum of 4 .* Found 5/,
  );
});
