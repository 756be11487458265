// One trace, as main sees it: what the breakpoints' conditions call. Every method returns false, so that nothing ever
// pauses; throws nothing; and keeps to the limits by itself.
import { isNativeError, isProxy } from 'node:util/types';
import { type Activations, createActivations, type Thrown } from './activations.ts';
import { callersOf, depthOf, type Extent, siteKey, stackNow } from './call-sites.ts';
import {
  BURST,
  type CodePosition,
  type Limit,
  MAX_CALLS_PER_SECOND,
  type RawCallSite,
  type Recorded,
  type TraceOptions,
} from './protocol.ts';
import { type Settlements, watchSettlements } from './settlements.ts';
import { className, HIDDEN, shapeOfArguments } from './shape.ts';
import { createTally } from './tally.ts';

// Taken at load: a user's fake clock must not stretch the calls.
const now = performance.now.bind(performance);

const SHAPES = 20;
const CALLERS = 20;
const ERRORS = 20;

/** What a breakpoint's condition may call. */
export interface Recording {
  /** At the first statement. */
  enter(args: ArrayLike<unknown>): false;
  /** At the end, before it returns. */
  leave(): false;
  /** In front of a `throw`. @param thrown the error, where it stands in a variable */
  throwing(name: string, at: CodePosition, thrown?: unknown): false;
  /** In place of an argument that cannot be read. */
  readonly hidden: symbol;
}

export interface RunningRecording extends Recording {
  readonly calls: number;
  /** Calls of an async function that have not settled. */
  readonly pending: number;
  /** No further calls; what is pending is still watched. */
  finishEntries(): void;
  end(): Recorded;
}

/** @param onNews called when a limit is reached, and when a promise may have settled after that */
export function startRecording(options: TraceOptions, onNews: () => void): RunningRecording {
  return new CallRecording(options, onNews);
}

class CallRecording implements RunningRecording {
  readonly hidden: symbol = HIDDEN;
  readonly #options: TraceOptions;
  readonly #onNews: () => void;
  readonly #startedAt = now();
  readonly #durations: number[] = [];
  readonly #shapes = createTally<string>(SHAPES);
  readonly #callers = createTally<readonly RawCallSite[]>(CALLERS);
  readonly #errors = createTally<Thrown>(ERRORS);
  readonly #activations: Activations;
  readonly #settlements: Settlements | undefined;
  #calls = 0;
  #failures = 0;
  #limit: Limit | null = null;
  #endedAt: number | undefined;
  #open = 0;

  constructor(options: TraceOptions, onNews: () => void) {
    this.#options = options;
    this.#onNews = onNews;
    this.#activations = createActivations(
      (durationMs) => this.#durations.push(durationMs),
      (thrown) => this.#failed(thrown),
    );
    if (options.timing === 'promise')
      this.#settlements = watchSettlements({
        onNews: () => {
          if (this.#endedAt !== undefined) this.#onNews();
        },
        onSettled: (durationMs, error) => this.#settled(durationMs, error),
      });
  }

  get calls(): number {
    return this.#calls;
  }

  get pending(): number {
    return this.#settlements?.pending ?? 0;
  }

  enter(args: ArrayLike<unknown>): false {
    return this.#guarded(() => {
      const at = now();
      if (this.#isOver(at)) return;
      this.#calls += 1;
      const shape = shapeOfArguments(args);
      this.#shapes.add(shape, () => shape);
      const stack = stackNow(this.#extent);
      const callers = callersOf(stack, this.#extent);
      this.#callers.add(callers.map(siteKey).join('\n'), () => callers);
      // The clock last: what has been done here is not of the call.
      if (this.#options.timing === 'return')
        return this.#activations.enter(depthOf(stack, this.#extent), now());
      this.#settlements?.open(now());
      if (this.#isFull) this.#stop('calls', 0);
    });
  }

  leave(): false {
    const at = now();
    return this.#guarded(() => {
      if (this.#endedAt !== undefined) return;
      this.#activations.leave(this.#depth, at);
      if (this.#isFull) this.#stop('calls', this.#depth() - 1);
    });
  }

  throwing(name: string, at: CodePosition, thrown?: unknown): false {
    return this.#guarded(() => {
      if (this.#endedAt !== undefined) return;
      this.#activations.throwing(this.#depth, {
        name: thrown === undefined ? name : classOfThrown(thrown),
        at,
      });
    });
  }

  finishEntries(): void {
    if (this.#endedAt === undefined) this.#close(this.#depth());
    this.#settlements?.finishEntries();
  }

  end(): Recorded {
    this.finishEntries();
    this.#settlements?.flush();
    const open = this.#open + this.pending;
    this.#settlements?.stop();
    return {
      calls: this.#calls,
      elapsedMs: (this.#endedAt ?? now()) - this.#startedAt,
      limit: this.#limit,
      durations: this.#durations,
      open,
      recursiveCalls: this.#activations.recursive,
      shapes: this.#shapes.all().map(({ item, count }) => ({ arguments: item, calls: count })),
      otherShapes: this.#shapes.others,
      callers: this.#callers.all().map(({ item, count }) => ({ frames: item, calls: count })),
      otherCallers: this.#callers.others,
      errors: this.#errors.all().map(({ item, count }) => ({ ...item, calls: count })),
      failures: this.#failures,
    };
  }

  get #extent(): Extent {
    return this.#options;
  }

  readonly #depth = (): number => depthOf(stackNow(this.#extent), this.#extent);

  #isOver(at: number): boolean {
    if (this.#endedAt !== undefined) return true;
    const limit = this.#limitAt(at - this.#startedAt);
    // The call that is one too many is on the stack, too.
    if (limit !== null) this.#stop(limit, this.#depth() - 1);
    return limit !== null;
  }

  #limitAt(elapsedMs: number): Limit | null {
    if (elapsedMs > this.#options.maxMs) return 'time';
    if (this.#isFull) return 'calls';
    return this.#calls >= BURST + (MAX_CALLS_PER_SECOND * elapsedMs) / 1000 ? 'rate' : null;
  }

  get #isFull(): boolean {
    return this.#calls >= this.#options.maxCalls;
  }

  /** @param depth how many recorded calls are on the stack */
  #stop(limit: Limit, depth: number): void {
    this.#close(depth);
    this.#limit = limit;
    this.#onNews();
  }

  /** From here on no call is recorded; what is not on the stack by now was left by an error. */
  #close(depth: number): void {
    this.#endedAt = now();
    this.#open = this.#options.timing === 'return' ? this.#activations.finish(depth) : 0;
  }

  #settled(durationMs: number, error: string | undefined): void {
    this.#durations.push(durationMs);
    if (error !== undefined) this.#failed({ name: error, at: null });
  }

  #failed(thrown: Thrown): void {
    this.#errors.add(`${thrown.name}\0${thrown.at?.line}\0${thrown.at?.column}`, () => thrown);
  }

  #guarded(record: () => void): false {
    try {
      record();
    } catch {
      this.#failures += 1;
    }
    return false;
  }
}

function classOfThrown(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null || isProxy(thrown)) return 'not an Error';
  return isNativeError(thrown) ? className(thrown) : `${className(thrown)} (not an Error)`;
}
