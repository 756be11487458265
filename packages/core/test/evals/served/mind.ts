// What stands behind the servers of the opt-in run: it works from the texts of a request alone, as a model does.
import type { ModelRequest, ModelResponse } from '../../../src/llm/model.ts';
import { reader } from '../reader.ts';

export type Said = Pick<ModelResponse, 'text' | 'toolCalls'>;
export type Mind = (request: ModelRequest) => Promise<Said>;

/** The reader, and a judge where there are no tools. */
export const terse: Mind = async (request) =>
  request.tools.length === 0
    ? { text: verdict(request), toolCalls: [] }
    : reader.generate(request, { signal: new AbortController().signal });

/** Rules in place of a judgement: what a criterion speaks of must be so in the output. */
const CRITERIA: readonly (readonly [criterion: RegExp, holds: (output: string) => boolean])[] = [
  [/no hedge words/, (output) => !/likely|probably|might|maybe|perhaps/i.test(output)],
  [/hypothesisGrounded is false/, (output) => output.includes('"hypothesisGrounded":false')],
  [/both observations are matched/, (output) => /"matchedObservations":\["[^\]]*","/.test(output)],
];

function verdict({ messages: [first] }: ModelRequest): string {
  const [criterion = '', output = ''] = first?.role === 'user' ? first.text.split('\n\nOUTPUT\n') : [];
  const rules = CRITERIA.filter(([says]) => says.test(criterion));
  const passes = rules.length > 0 && rules.every(([, holds]) => holds(output));
  return passes ? 'PASS: as the criterion says.' : 'FAIL: not as the criterion says.';
}
