// What is noted of a stall while it lasts and right after it, because later nobody knows: the requests that main was
// serving, the child process that it waited for, and whether its ticks or microtasks never end. Main is asked only during
// a stall, and once after it.
import type { CodeLocation, JsonObject, ProbeFeed, RecorderContext, Stall } from '@nodelens/core';
import {
  endedRequestOf,
  type InFlight,
  inFlightOf,
  requestsDuring,
  type ServedRequest,
} from './stall-requests.ts';
import { Callbacks, type Rounds, roundsOf, type Starvation, starvationOf } from './starvation.ts';
import type { WaitedChild } from './waited-children.ts';

/** How often a stall is looked at while it lasts, and until all is known of it, in ms. */
const LOOK_MS = 50;
/** Shorter ones are told without requests. */
const NOTED_MS = 100;
/** From here on ticks and microtasks are looked at. */
const TURNS_MS = 200;
const KEPT = 20;
const ASK_TIMEOUT_MS = 250;
/** Of main's servers; oldest first, so fewer would leave out the newest. */
const IN_FLIGHT = 500;
/** Requests that have ended and took long enough to have been held up. */
const SLOW_MS = 40;
const SLOW_KEPT = 300;
/** The last event of a request comes so much later at most. */
const SETTLED_MS = 1_000;

export interface StallNote {
  /** The last to begin first. Undefined where requests are not watched, or it is not known yet. */
  readonly requests: readonly ServedRequest[] | undefined;
  readonly starvation: Starvation | undefined;
  /** The callback that was running most often when it was looked, in how many of how many looks. */
  readonly callback:
    | { readonly place: CodeLocation; readonly count: number; readonly of: number }
    | undefined;
  /** At the last look at which there were some. */
  readonly children: readonly WaitedChild[];
}

export interface StallNotes {
  of(stall: Pick<Stall, 'id' | 'startedAtMs' | 'durationMs'>): StallNote;
}

interface Noted {
  readonly id: string;
  readonly callbacks: Callbacks;
  children?: readonly WaitedChild[];
  rounds?: Rounds;
  starvation?: Starvation | undefined;
  during?: InFlight;
  after?: InFlight;
  isAfterAsked?: boolean;
  /** Main did not answer: it may be in a native call. */
  isSilent?: boolean;
  /** Final. */
  requests?: readonly ServedRequest[];
}

export interface StallSources {
  readonly context: Pick<RecorderContext, 'now' | 'currentStall' | 'onStall' | 'stalls'>;
  /** Of the probe `requests`. */
  readonly requests: ProbeFeed;
  /** Of the probe `runtime`. */
  readonly main: ProbeFeed;
  /** That main has started within so many ms and that still run. */
  readonly childrenSince: (sinceMs: number) => readonly WaitedChild[];
}

export function watchStalls(sources: StallSources): StallNotes {
  const notes = new Notes(sources);
  let isLooking = false;
  const look = (): void => {
    isLooking = notes.look();
    // It ends with its thread.
    if (isLooking) setTimeout(look, LOOK_MS).unref();
  };
  sources.context.onStall(() => {
    if (!isLooking) look();
  });
  return notes;
}

class Notes implements StallNotes {
  readonly #sources: StallSources;
  #noted: readonly Noted[] = [];
  #ended: ServedRequest[] = [];
  #isAsking = false;

  constructor(sources: StallSources) {
    this.#sources = sources;
    sources.requests.onEvent((event) => this.#onRequest(event));
  }

  of(stall: Pick<Stall, 'id' | 'startedAtMs' | 'durationMs'>): StallNote {
    const noted = this.#noted.find(({ id }) => id === stall.id);
    return {
      requests: noted?.requests ?? this.#requestsOf(stall, noted),
      starvation: noted?.starvation,
      callback: noted?.callbacks.most(),
      children: noted?.children ?? [],
    };
  }

  /** Returns whether there is more to be learned. */
  look(): boolean {
    const current = this.#sources.context.currentStall();
    if (current !== undefined) {
      if (current.durationMs >= NOTED_MS) this.#follow(current, this.#notedOf(current.id));
      return true;
    }
    const recent = this.#sources.context.stalls.since(2 * SETTLED_MS);
    for (const stall of recent) if (stall.durationMs >= NOTED_MS) this.#conclude(stall);
    return recent.length > 0;
  }

  #follow(stall: Stall, noted: Noted): void {
    if (noted.rounds !== undefined)
      noted.starvation = starvationOf(noted.rounds, roundsOf(this.#sources.main.numbers));
    if (stall.kind === 'native-io') this.#noteChildren(stall, noted);
    if (stall.kind !== 'javascript' || noted.isSilent === true || this.#isAsking) return;
    if (noted.during === undefined && this.#hasRequests())
      void this.#ask(noted, () => this.#askInFlight(noted, 'during'));
    else if (stall.durationMs >= TURNS_MS) void this.#ask(noted, () => this.#askTurns(noted));
  }

  #noteChildren({ durationMs }: Stall, noted: Noted): void {
    const children = this.#sources.childrenSince(durationMs);
    if (children.length > 0) noted.children = children;
  }

  #conclude(stall: Stall): void {
    const noted = this.#notedOf(stall.id);
    if (noted.requests !== undefined) return;
    const endedAgoMs = this.#sources.context.now() - stall.startedAtMs - stall.durationMs;
    if (endedAgoMs >= SETTLED_MS) {
      const requests = this.#requestsOf(stall, noted);
      if (requests !== undefined) noted.requests = requests;
    } else if (noted.isAfterAsked !== true && !this.#isAsking) {
      noted.isAfterAsked = true;
      void this.#ask(noted, () => this.#askInFlight(noted, 'after'));
    }
  }

  async #ask(noted: Noted, ask: () => Promise<void>): Promise<void> {
    this.#isAsking = true;
    try {
      await ask();
    } catch {
      noted.isSilent = true;
    }
    this.#isAsking = false;
  }

  async #askInFlight(noted: Noted, when: 'during' | 'after'): Promise<void> {
    const question = { of: 'in-flight', limit: IN_FLIGHT };
    const answer = await this.#sources.requests.ask(question, { timeoutMs: ASK_TIMEOUT_MS });
    noted[when] = inFlightOf(answer, this.#sources.context.now());
  }

  async #askTurns(noted: Noted): Promise<void> {
    const before = roundsOf(this.#sources.main.numbers);
    const answer = await this.#sources.main.ask({ of: 'turns' }, { timeoutMs: ASK_TIMEOUT_MS });
    if (answer === null) return;
    noted.rounds ??= before;
    noted.callbacks.add(answer);
  }

  #requestsOf(
    stall: Pick<Stall, 'startedAtMs' | 'durationMs'>,
    noted: Noted | undefined,
  ): readonly ServedRequest[] | undefined {
    if (noted === undefined || !this.#hasRequests()) return undefined;
    const { during, after } = noted;
    const endedAgoMs = this.#sources.context.now() - stall.startedAtMs - stall.durationMs;
    if (during === undefined && after === undefined && endedAgoMs < SETTLED_MS) return undefined;
    return requestsDuring(stall, { during, after, ended: this.#ended });
  }

  #hasRequests(): boolean {
    const { failure, numbers } = this.#sources.requests;
    return failure === undefined && numbers.length > 0;
  }

  #notedOf(id: string): Noted {
    const known = this.#noted.find((one) => one.id === id);
    if (known !== undefined) return known;
    const noted: Noted = { id, callbacks: new Callbacks() };
    this.#noted = [noted, ...this.#noted].slice(0, KEPT);
    return noted;
  }

  #onRequest(event: JsonObject): void {
    const request = endedRequestOf(event);
    if (request === undefined || (request.endedAtMs ?? 0) - request.startedAtMs < SLOW_MS) return;
    this.#ended.push(request);
    if (this.#ended.length >= 2 * SLOW_KEPT) this.#ended = this.#ended.slice(-SLOW_KEPT);
  }
}
