// Which model the variables of a run name, and what a verdict is.
import { expect, test } from 'vitest';
import { passes } from './judge.ts';
import { evalModelRef } from './model.ts';

test.each([
  [{ NODELENS_EVAL_MODEL: 'anthropic/claude-haiku-4-5' }, { model: 'claude-haiku-4-5' }],
  [
    {
      NODELENS_EVAL_MODEL: 'anthropic/m',
      NODELENS_EVAL_BASE_URL: 'http://gateway/',
      NODELENS_EVAL_API_KEY: 'k',
    },
    { model: 'm', baseUrl: 'http://gateway/', apiKey: 'k' },
  ],
  [
    { NODELENS_EVAL_MODEL: 'openai/gpt-5-mini' },
    { provider: '@ai-sdk/openai', model: 'gpt-5-mini', settings: {} },
  ],
  [
    { NODELENS_EVAL_MODEL: 'openai-compatible/org/qwen3', NODELENS_EVAL_BASE_URL: 'http://gateway/v1' },
    {
      provider: '@ai-sdk/openai-compatible',
      model: 'org/qwen3',
      settings: { name: 'openai-compatible', baseURL: 'http://gateway/v1' },
    },
  ],
])('%j names a model', (env, options) => {
  expect(evalModelRef(env).options).toEqual(options);
});

test.each([
  [{ NODELENS_EVAL_MODEL: 'anthropic' }, 'a slash and the name of a model'],
  [{ NODELENS_EVAL_MODEL: 'toString/m' }, 'Providers: anthropic, openai, '],
  [{ NODELENS_EVAL_MODEL: 'openai-compatible/m' }, 'openai-compatible needs the URL of the server'],
  [{ NODELENS_EVAL_MODEL: 'openai/m', NODELENS_EVAL_BASE_URL: 'gateway' }, '"gateway" is not a URL'],
])('%j names none, and why is told', (env, why) => {
  expect(() => evalModelRef(env)).toThrow(
    expect.objectContaining({ code: 'option_invalid', message: expect.stringContaining(why) }),
  );
});

test.each([
  ['PASS', true],
  ['**PASS**: only facts.', true],
  ['Verdict: PASS. Nothing in it would FAIL.', true],
  ['PASSED, all is said with figures.', true],
  ['FAIL', false],
  ['## Verdict\nFAIL: "probably". It would PASS without.', false],
  ['It is hard to say.', false],
])('the verdict %j passes: %j', (verdict, expected) => {
  expect(passes(verdict)).toBe(expected);
});
