// The model as the loop uses it: counted, and an empty answer is an answer (the loop nudges then).
import { isError } from '../errors.ts';
import { addUsage, type Model, type ModelResponse, noUsage, type TokenUsage } from '../llm/model.ts';
import { usageOfEmpty } from '../llm/not-empty.ts';
import { checkedResponse } from './response.ts';

export type CountedUsage = TokenUsage & { readonly calls: number };

export const noCalls: CountedUsage = { ...noUsage, calls: 0 };

export function addCounted(a: CountedUsage, b: CountedUsage): CountedUsage {
  const costUsd = sumOfCosts(a, b);
  return { ...addUsage(a, b), calls: a.calls + b.calls, ...(costUsd !== undefined && { costUsd }) };
}

/** Known when every call's is. */
function sumOfCosts(a: CountedUsage, b: CountedUsage): number | undefined {
  if (a.calls === 0) return b.costUsd;
  if (b.calls === 0) return a.costUsd;
  return a.costUsd === undefined || b.costUsd === undefined ? undefined : a.costUsd + b.costUsd;
}

export interface MeteredModel extends Model {
  /** Of all answered calls so far. */
  used(): CountedUsage;
}

const emptyResponse = (usage: TokenUsage = noUsage): ModelResponse => ({
  text: '',
  toolCalls: [],
  stopReason: 'end',
  usage,
});

/** Counts each answer; put attempts around it. */
export function metered(model: Model): MeteredModel {
  let used = noCalls;
  return {
    name: model.name,
    async generate(request, options) {
      const answer = await model.generate(request, options).catch((error: unknown) => {
        if (isError(error, 'model_response_empty')) return emptyResponse(usageOfEmpty(error));
        throw error;
      });
      const response = checkedResponse(answer, model.name);
      used = addCounted(used, { ...response.usage, calls: 1 });
      return response;
    },
    used: () => used,
  };
}
