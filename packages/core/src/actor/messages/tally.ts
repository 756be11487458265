// The account of tells over a line that crosses threads: the actor counts in shared memory what it has taken and done,
// so that its owner knows, however its thread ended, which tells reached nobody. Costs two stores per tell.
import type { JsonValue } from '../../json.ts';
import type { ExitReason } from '../exit.ts';
import type { DeadLetterCause } from './message.ts';

/** What each word holds: numbers of tells, counted from 1 in the order of sending, modulo 2^32. */
export const tallyWord = { taken: 0, done: 1 } as const;

/** Tells that may be under way and not taken; more are refused, since the thread does not come to them. */
const MAX_UNDER_WAY = 65_536;
/** So many are kept before the first look at what has been taken. */
const FIRST_LOOK_AT = 64;

export interface Undelivered {
  readonly message: JsonValue;
  readonly why: DeadLetterCause;
}

export class SentTells {
  readonly words: Int32Array = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
  readonly #sent = new Map<number, JsonValue>();
  #last = 0;
  #lookAt = FIRST_LOOK_AT;

  /** Whether one more may be sent. */
  get hasRoom(): boolean {
    if (this.#sent.size >= this.#lookAt) this.#forgetTaken();
    return this.#sent.size < MAX_UNDER_WAY;
  }

  add(message: JsonValue): void {
    this.#last = (this.#last + 1) | 0;
    this.#sent.set(this.#last, message);
  }

  /** The actor told what became of it. */
  settle(tell: number): void {
    this.#sent.delete(tell);
  }

  /** At the end: what nobody has told of and nobody has taken, or what the thread died of. */
  close(reason: ExitReason): Undelivered[] {
    const taken = Atomics.load(this.words, tallyWord.taken);
    const done = Atomics.load(this.words, tallyWord.done);
    const left: Undelivered[] = [];
    for (const [tell, message] of this.#sent)
      if (isAfter(tell, taken)) left.push({ message, why: 'stopped' });
      else if (isAfter(tell, done) && isDeath(reason)) left.push({ message, why: 'poison' });
    this.#sent.clear();
    return left;
  }

  #forgetTaken(): void {
    const taken = Atomics.load(this.words, tallyWord.taken);
    for (const tell of this.#sent.keys()) {
      if (isAfter(tell, taken)) break;
      this.#sent.delete(tell);
    }
    this.#lookAt = Math.max(FIRST_LOOK_AT, 2 * this.#sent.size);
  }
}

const isAfter = (tell: number, mark: number): boolean => ((tell - mark) | 0) > 0;

/** Whether what was being handled may have been the cause. */
function isDeath(reason: ExitReason): boolean {
  if (reason.kind === 'killed') return reason.why !== 'host-closed' && reason.why !== 'shutdown-deadline';
  return reason.kind === 'thread-ended' || reason.kind === 'failed';
}
