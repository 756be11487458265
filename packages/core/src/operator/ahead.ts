// What an operator that waits to begin its round does meanwhile, so that its first step need not: the model's module is
// loaded, and what is made at first use is made.
import { emptyMemory } from './memory.ts';
import type { OperatorParts } from './parts.ts';
import { openingText, operatorPrompt } from './prompt.ts';

export function prepareRound({ input, model }: OperatorParts): void {
  // Told by the round, which tries it again.
  model.load().catch(() => undefined);
  // Who waits for it to be ready hears that first.
  setImmediate(() => {
    openingText({ context: input.context, memory: emptyMemory, timeLimitMs: Number.POSITIVE_INFINITY });
    operatorPrompt(input.spec.skill);
  });
}
