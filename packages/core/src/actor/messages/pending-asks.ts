// The questions that wait for an answer, on the asker's side. Each is settled exactly once: by its answer, its
// deadline, its caller's abort or the actor's end. As long as one waits, the event loop is kept alive.
import type { JsonValue } from '../../json.ts';
import type { Clock } from '../clock.ts';
import { Deadlines, type Timed } from '../deadlines.ts';
import { keepAlive } from '../keep-alive.ts';
import type { AskOptions } from './ref.ts';

interface Pending extends Timed {
  readonly askId: number;
  readonly options: AskOptions;
  readonly resolve: (value: JsonValue) => void;
  readonly reject: (error: Error) => void;
  readonly onAbort: (() => void) | undefined;
}

/** What the asker hears when it gives up. */
export interface GiveUp {
  timeout(askId: number, timeoutMs: number): Error;
  abort(askId: number, signal: AbortSignal): Error;
}

export class PendingAsks {
  readonly #giveUp: GiveUp;
  readonly #asks = new Map<number, Pending>();
  readonly #deadlines: Deadlines<Pending>;
  #release: (() => void) | undefined;

  constructor(clock: Clock, giveUp: GiveUp) {
    this.#giveUp = giveUp;
    this.#deadlines = new Deadlines(clock, ({ askId, options }) =>
      this.reject(askId, giveUp.timeout(askId, options.timeoutMs)),
    );
  }

  wait(askId: number, options: AskOptions): Promise<JsonValue> {
    const { signal, timeoutMs } = options;
    return new Promise((resolve, reject) => {
      const onAbort = signal && (() => this.reject(askId, this.#giveUp.abort(askId, signal)));
      const pending = { askId, options, resolve, reject, onAbort, dueAtMs: 0, place: -1 };
      if (this.#asks.size === 0) this.#release = keepAlive();
      this.#asks.set(askId, pending);
      this.#deadlines.add(pending, timeoutMs);
      if (onAbort) signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  resolve(askId: number, value: JsonValue): void {
    this.#take(askId)?.resolve(value);
  }

  reject(askId: number, error: Error): void {
    this.#take(askId)?.reject(error);
  }

  /** Rejects all and frees the timer. */
  close(error: () => Error): void {
    for (const askId of [...this.#asks.keys()]) this.reject(askId, error());
    this.#deadlines.clear();
  }

  #take(askId: number): Pending | undefined {
    const pending = this.#asks.get(askId);
    if (pending === undefined) return undefined;
    this.#asks.delete(askId);
    this.#deadlines.remove(pending);
    if (pending.onAbort) pending.options.signal?.removeEventListener('abort', pending.onAbort);
    if (this.#asks.size === 0) this.#release?.();
    return pending;
  }
}
