// The operator as an actor: runs its skill's loop once, at once (on-demand) or when its resident begins a round
// (continuous), answers questions while it runs, and ends after it, or promptly when it is cancelled or stopped.
import type { Actor, ActorContext } from '../actor/actor.ts';
import { fail } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import { prepareRound } from './ahead.ts';
import { answerQuestion } from './answer.ts';
import { connectParts } from './parts.ts';
import { once, oneRound } from './rounds.ts';
import type { Progress } from './run-once.ts';
import type { OperatorCommand, OperatorInput } from './spec.ts';
import { initialState, type OperatorState } from './state.ts';

/** For a thread that waits for an operator. */
export { warmUp } from './ahead.ts';

/**
 * ActorModule; its input is an OperatorInput. Services in `context.ports`: `skills` or `main-skills` by the skill's
 * host, `sandbox`, `store`, and `main-model` for a live model.
 */
export function createOperator(input: JsonObject, context: ActorContext): Actor {
  const { spec, ...rest } = input as unknown as OperatorInput;
  let progress: Progress = { state: initialState, transcript: [], running: false };
  const parts = connectParts({ spec, ...rest }, context, (next) => {
    progress = next;
  });
  const cancelled = new AbortController();
  const cancel = (why: string): void => cancelled.abort(fail('run_cancelled', { detail: `: ${why}` }));
  context.signal.addEventListener('abort', () => cancel('the operator was stopped'), { once: true });
  let finished: Promise<void> | undefined;
  if (spec.mode === 'continuous') prepareRound(parts);
  else finished = once(parts, cancelled.signal);
  return {
    receive: (message, { signal }) => {
      const command = message as unknown as OperatorCommand;
      switch (command.type) {
        case 'operator.begin': {
          const { runId, memory, wokenBy } = command;
          parts.countAs(runId);
          const state = (): OperatorState => progress.state;
          // Not awaited: who asks something meanwhile is answered.
          finished ??= oneRound(parts, { memory, wokenBy, state }, cancelled.signal);
          return undefined;
        }
        case 'operator.cancel':
          cancel(command.reason);
          return undefined;
        case 'operator.message':
          return answerQuestion(parts, progress, { text: command.text, signal });
        case 'operator.status': {
          const { state, running } = progress;
          return { operator: spec.name, state: state.health, iteration: state.iteration, running };
        }
        default:
          command satisfies never;
          throw fail('option_invalid', { option: 'type', reason: 'it is no command of an operator.' });
      }
    },
    stop: async () => {
      cancel('the operator was stopped');
      await finished;
      parts.close();
    },
  };
}
