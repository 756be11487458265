// One small question before the first scenario: whether the model can be asked at all, and calls tools.
import { isError, reasonOf } from '../../src/errors.ts';
import { loadModel } from '../../src/llm/load-model.ts';
import type { ModelRef, ModelResponse } from '../../src/llm/model.ts';

const TIMEOUT_MS = 60_000;

/** @returns Why no scenario can be run; undefined when all is well. */
export async function preflight(ref: ModelRef): Promise<string | undefined> {
  try {
    const { toolCalls, text } = await ask(ref);
    if (toolCalls.some(({ name }) => name === 'done')) return undefined;
    return `${ref.name} answers but calls no tool, even when it is asked for nothing else; it said ${JSON.stringify(text.slice(0, 200))}.`;
  } catch (error) {
    return isError(error) ? `${error.message} [${error.code}]` : reasonOf(error);
  }
}

async function ask(ref: ModelRef): Promise<ModelResponse> {
  const model = await loadModel(ref);
  const inputSchema = { type: 'object', properties: {}, additionalProperties: false };
  const request = {
    system: 'You test whether a tool can be called.',
    messages: [{ role: 'user' as const, text: 'Call the tool done.' }],
    tools: [{ name: 'done', description: 'Ends the test.', inputSchema }],
  };
  return model.generate(request, { signal: AbortSignal.timeout(TIMEOUT_MS) });
}
