// What the factories of models refuse before anything is loaded.
import { expect, test } from 'vitest';
import { type AiSdkOptions, aiSdk, anthropic } from '../../src/llm/references.ts';

test.for<[string, () => unknown, RegExp]>([
  [
    'aiSdk() without options',
    () => aiSdk(undefined as never),
    /aiSdk\(\) takes an object with provider, model/,
  ],
  [
    'anthropic() with a name',
    () => anthropic('claude' as never),
    /anthropic\(\) takes an object with model, apiKey/,
  ],
  [
    'an option that there is not',
    () => anthropic({ modle: 'x' } as never),
    /"modle".*anthropic\(\) knows model/,
  ],
  ['no model', () => aiSdk({ provider: '@ai-sdk/openai' } as AiSdkOptions), /"model".*aiSdk\(\) needs it/],
  ['an empty key', () => anthropic({ apiKey: '' }), /"apiKey".*a text that is not empty/],
])('%s is refused in words', ([, make, says]) => {
  expect(make).toThrow(
    expect.objectContaining({ code: 'option_invalid', message: expect.stringMatching(says) }),
  );
});
