// What is done ahead of an operator's first step, so that the step need not: the model's module is loaded, and what is
// made at first use is made.
import { emptyMemory } from './memory.ts';
import type { OperatorParts } from './parts.ts';
import { openingText, operatorPrompt } from './prompt.ts';

/** By one that waits to begin its round. */
export function prepareRound({ input, model }: OperatorParts): void {
  // Who waits for it to be ready hears that first.
  setImmediate(() => {
    // What it throws is told by the round, which tries it again.
    model.load().catch(() => undefined);
    openingText({ context: input.context, memory: emptyMemory, timeLimitMs: Number.POSITIVE_INFINITY });
    operatorPrompt(input.spec.skill);
  });
}

/** In a thread whose operator is not known yet. */
export function warmUp(): void {
  openingText({ context: {}, memory: emptyMemory, timeLimitMs: Number.POSITIVE_INFINITY });
  operatorPrompt({ systemPrompt: '', callbacks: [] });
}
