// What the model under test says of its own output by one criterion. Without a language model nothing is judged.
import { systemClock } from '../../src/actor/clock.ts';
import type { Model } from '../../src/llm/model.ts';
import { withAttempts } from '../../src/llm/retry.ts';
import { isReal } from './model.ts';

const JUDGE =
  'You judge one output of a monitoring agent by one criterion. Answer PASS or FAIL first, then why in one sentence.';

/** @returns Undefined when it passes, else the verdict. */
export async function judged(model: Model, criterion: string, output: unknown): Promise<string | undefined> {
  if (!isReal) return undefined;
  const text = `CRITERION\n${criterion}\n\nOUTPUT\n${JSON.stringify(output)}`;
  const request = { system: JUDGE, messages: [{ role: 'user' as const, text }], tools: [] };
  const { text: verdict } = await withAttempts(model, { attempts: 3, clock: systemClock }).generate(request, {
    signal: AbortSignal.timeout(60_000),
  });
  return passes(verdict) ? undefined : `The judge said: ${verdict}`;
}

/** The first of the two words counts, wherever it stands: models put a heading before it, or asterisks around it. */
export const passes = (verdict: string): boolean => /\b(PASS|FAIL)(ED|S)?\b/.exec(verdict)?.[1] === 'PASS';
