// What one investigation costs: a real service with built-in skills, and at the provider a script that works from
// prompts and tools alone.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { InvestigationResult } from '@nodelens/core';
import { expect, onTestFinished, test } from 'vitest';
import { answerAs } from '../../src/bench/language-model/scripted-brain.ts';
import { estimatedTokens, type ProviderCall, startMockProvider } from '../../src/index.ts';

const SERVICE = new URL('../fixtures/measured-service.ts', import.meta.url).pathname;

async function investigate(providerUrl: string): Promise<InvestigationResult> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--conditions=@nodelens/source',
    SERVICE,
    providerUrl,
  ]);
  return JSON.parse(stdout) as InvestigationResult;
}

/** The first call of each operator. */
const openings = (calls: readonly ProviderCall[]): readonly ProviderCall[] =>
  calls.filter(
    ({ request: { tools, messages } }) =>
      messages.length === 1 && tools?.some(({ name }) => name === 'take_snapshot'),
  );

const systemBlock = ({ request: { system } }: ProviderCall, index: number): string =>
  typeof system === 'object' ? (system[index]?.text ?? '') : '';

test('an investigation with two operators costs at most 6,000 input tokens that are not cached', {
  timeout: 60_000,
}, async () => {
  const provider = await startMockProvider({
    cachedSince: 'arrival',
    answer: (conversation, { startedMs }) => answerAs(conversation, startedMs),
  });
  onTestFinished(provider.close);

  const result = await investigate(provider.url);

  expect(result.operators.map(({ status }) => status)).toEqual(['completed', 'completed']);
  expect(result.insights.flatMap(({ subjects }) => subjects)).toMatchObject([{ name: 'blockMain' }]);
  expect(result.usage).toMatchObject(provider.used());
  expect(provider.used().inputTokens).toBeLessThanOrEqual(6_000);

  const [first, second] = openings(provider.calls);
  if (first === undefined || second === undefined) throw new Error('two operators were to be asked for');
  expect(JSON.stringify(second.request.tools)).toBe(JSON.stringify(first.request.tools));
  expect(systemBlock(second, 0)).toBe(systemBlock(first, 0));
  expect(systemBlock(second, 1)).not.toBe(systemBlock(first, 1));
  expect(second.usage.cache_read_input_tokens).toBeGreaterThan(estimatedTokens(systemBlock(first, 0)));
});
