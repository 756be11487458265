// A test whose model is counted and whose turns are noted, for the table and the words of a run that is opted in.
import { type TestAPI, test } from 'vitest';
import { addCounted, type CountedUsage, noCalls } from '../../src/agent/meter.ts';
import type { Model, ModelResponse } from '../../src/llm/model.ts';
import { evalModel } from './model.ts';

/** What a scenario took, judges included. JSON: it crosses from the test's process to the reporter's. */
export interface Evaluation {
  used: CountedUsage;
  /** What the model said and called, oldest first. */
  turns: readonly string[];
}

declare module 'vitest' {
  interface TaskMeta {
    evaluation?: Evaluation;
  }
}

const MAX_TURN_CHARS = 400;

export const scenario: TestAPI<{ model: Model }> = test.extend<{ model: Model }>({
  model: async ({ task }, use) => {
    const evaluation: Evaluation = { used: noCalls, turns: [] };
    task.meta.evaluation = evaluation;
    await use(
      observed(await evalModel(), (response) => {
        evaluation.used = addCounted(evaluation.used, { ...response.usage, calls: 1 });
        evaluation.turns = [...evaluation.turns, turnText(response)];
      }),
    );
  },
});

function observed(model: Model, onResponse: (response: ModelResponse) => void): Model {
  return {
    name: model.name,
    async generate(request, options) {
      const response = await model.generate(request, options);
      onResponse(response);
      return response;
    },
  };
}

function turnText({ text, toolCalls }: ModelResponse): string {
  const calls = toolCalls.map(({ name, arguments: args }) => `${name} ${JSON.stringify(args)}`);
  const said = text === '' ? [] : [JSON.stringify(text)];
  return [...said, ...calls].map((part) => part.slice(0, MAX_TURN_CHARS)).join('\n') || 'nothing';
}
