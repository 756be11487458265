// Which model the evals ask: a real one if NODELENS_EVAL_MODEL names it, else the reader; and the judge.
import { fail } from '../../src/errors.ts';
import { loadModel } from '../../src/llm/load-model.ts';
import type { Model } from '../../src/llm/model.ts';
import { anthropic } from '../../src/llm/references.ts';
import { reader } from './reader.ts';

const [provider, name] = (process.env.NODELENS_EVAL_MODEL ?? '').split(/\/(.*)/s);

/** Whether a language model answers. */
export const isReal: boolean = provider !== '';

export async function evalModel(): Promise<Model> {
  if (!isReal) return reader;
  if (provider !== 'anthropic' || !name)
    throw fail('option_invalid', {
      option: 'NODELENS_EVAL_MODEL',
      reason: 'it must be anthropic/ and the name of a model, e.g. anthropic/claude-haiku-4-5.',
    });
  return loadModel(anthropic({ model: name }));
}

const JUDGE =
  'You judge one output of a monitoring agent by one criterion. Answer PASS or FAIL first, then why in one sentence.';

/** What the model itself says of an output; undefined when it passes. Without a real model nothing is judged. */
export async function judged(criterion: string, output: unknown): Promise<string | undefined> {
  if (!isReal) return undefined;
  const text = `CRITERION\n${criterion}\n\nOUTPUT\n${JSON.stringify(output)}`;
  const request = { system: JUDGE, messages: [{ role: 'user' as const, text }], tools: [] };
  const { text: verdict } = await (await evalModel()).generate(request, {
    signal: AbortSignal.timeout(60_000),
  });
  return /^\W*PASS/.test(verdict) ? undefined : verdict;
}
