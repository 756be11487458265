// A finding is written before anyone is told of it: the model by its tool's answer, everyone else by the event.
import type { NodelensError } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import type { Keeper } from '../recorder/store/client.ts';
import type { Finding } from '../recorder/store/desk.ts';
import type { Unstored } from './unstored.ts';

export interface Telling {
  /** Of the run: when it ends while the store is asked, the finding is told at once, before the run's last event. */
  readonly signal: AbortSignal;
  /** Emits the event; called once, with `{ stored: false }` unless it was written by then. */
  readonly tell: (mark: Unstored) => void;
}

/**
 * Never rejects. What is in the state of the run already is in its result, whatever the store does.
 * @returns what the tool's answer says about it: nothing when it was written.
 */
export async function keepThenTell(
  keeper: Pick<Keeper, 'keep'>,
  finding: Finding,
  { signal, tell }: Telling,
): Promise<JsonObject> {
  let isTold = false;
  const tellOnce = (mark: Unstored): void => {
    if (isTold) return;
    isTold = true;
    tell(mark);
  };
  const onAbort = (): void => tellOnce({ stored: false });
  // Listening since before the tool is awaited, so that it comes before the run hears of its end.
  signal.addEventListener('abort', onAbort, { once: true });
  const error = await keeper.keep(finding);
  signal.removeEventListener('abort', onAbort);
  tellOnce(error === undefined ? {} : { stored: false });
  return unkeptBy(error);
}

/** What a tool's answer says of something that the store has not taken, if it has not. */
export const unkeptBy = (error: NodelensError | undefined): JsonObject =>
  error === undefined ? {} : { stored: false, code: error.code, note: error.message };
