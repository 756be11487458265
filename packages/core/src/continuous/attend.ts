// One life of an awake operator, as its resident attends it: it is given the memory, all that it tells is passed on, and
// it always ends with a result, also when its thread dies.
import { isClean } from '../actor/exit.ts';
import type { ActorRef } from '../actor/messages/ref.ts';
import { type Id, randomId } from '../ids.ts';
import { asJson } from '../json.ts';
import type { Memory } from '../operator/memory.ts';
import { exitError, watchRun } from '../operator/run-watch.ts';
import type { OperatorEvent, OperatorRunResult, OperatorSpec, RoundEnded } from '../operator/spec.ts';
import type { RoundOutcome } from './resident-state.ts';

export interface Attendance {
  readonly spec: OperatorSpec;
  readonly investigationId: Id;
  readonly memory: Memory;
  /** For the model. */
  readonly wokenBy: string;
  readonly onEvent: (event: OperatorEvent) => void;
  /** The round has ended; the thread will. */
  readonly onRound: (outcome: RoundOutcome) => void;
}

/** Begins the round. */
export function attend(ref: ActorRef, attendance: Attendance): void {
  const { memory, wokenBy, onEvent, onRound } = attendance;
  const seen = watchRun(attendance);
  let result: OperatorRunResult | undefined;
  ref.onEvent((json) => {
    const event = json as unknown as OperatorEvent | RoundEnded;
    if (event.type === 'operator.round_ended') {
      const { type: _, ...rest } = event;
      if (result !== undefined) onRound({ ...rest, result });
      return;
    }
    seen.note(event);
    if (event.type === 'operator.completed') result = event.result;
    onEvent(event);
  });
  void ref.exited.then((reason) => {
    if (isClean(reason) || seen.isCompleted()) return;
    const died = seen.diedOf(exitError(ref.id, reason), new AbortController().signal);
    onEvent({ type: 'operator.completed', operator: died.operator, result: died });
  });
  // Made here: a thread's first id costs it milliseconds.
  ref.tell(asJson({ type: 'operator.begin', runId: randomId(), memory, wokenBy }));
}
