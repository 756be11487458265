// When something is written to the black box: every few seconds while all is well, every second while memory runs out,
// and with each new look at a main thread that is stuck. One writing takes well under a millisecond of the recorder.

import type { RecorderContext, Stall, VitalsSample } from '../context.ts';
import type { BlackBoxFile } from './file.ts';
import { askHeapLimit, askHeapUsed } from './heap.ts';
import type { Life } from './record.ts';
import { certainCulprit } from './story.ts';
import { type Asked, shortened, suspectsOf, wordsOf } from './words.ts';

const SECOND_MS = 1_000;
const QUIET_MS = 5_000;
/** The first capture of a stall is there by then, in ms; captures come every 500 ms later on. */
const FIRST_LOOK_MS = 70;
const LOOK_MS = 250;
/** Short stalls may come many times a second: their beginning is written this often at most, in ms. */
const BEGINS_MS = 2_000;
/** From here on a stall is followed closely, in ms. */
const LASTING_MS = 250;
/** By so much memory may have changed before it is written at once. */
const CHANGE = 0.05;
/** Near a limit each second counts. */
const NEAR = 0.7;
/** Of a tick the longest stalls only. */
const STALLS_PER_TICK = 5;
const LEAST_STALL_MS = 100;
const PROFILE_MS = 60_000;

export interface WriterOptions {
  readonly context: RecorderContext;
  readonly file: BlackBoxFile;
  readonly life: Life;
  /** Main's options: its heap's limit may stand there. */
  readonly nodeOptions: readonly string[];
  /** It could not be written; told once until it can be again. */
  readonly onFailure: (error: unknown) => void;
}

export interface BlackBoxWriter {
  stop(): void;
}

/** Begins the life at once. */
export const startWriter = (options: WriterOptions): BlackBoxWriter => new Writer(options);

class Writer implements BlackBoxWriter {
  readonly #options: WriterOptions;
  #look: NodeJS.Timeout | undefined;
  #isStopped = false;
  #hasFailed = false;
  #writtenAt = 0;
  #beganAt = 0;
  /** As last written. */
  #stall: Stall | undefined;
  #vitals: VitalsSample | undefined;
  /** Known of main only; of the heap and the suspects, while a stall lasts. */
  #known: Asked = {};
  /** The first of this stall. */
  #firstHeap: { readonly mb: number; readonly at: number } | undefined;
  /** As last written. */
  #heapUsedMb = 0;
  #isAsking = false;
  readonly #writtenStalls = new WeakSet<Stall>();

  constructor(options: WriterOptions) {
    this.#options = options;
    const { context, nodeOptions } = options;
    this.#write(context.now());
    context.everySecond(() => this.#tick());
    context.onStall(() => this.#onStall());
    void askHeapLimit(context.inspector, nodeOptions).then((heapLimitMb) => {
      if (heapLimitMb !== undefined) this.#known = { ...this.#known, heapLimitMb };
    });
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#look);
  }

  #tick(): void {
    if (this.#isStopped) return;
    const { context } = this.#options;
    const now = context.now();
    const [vitals] = context.vitals.newest(1);
    if (vitals === undefined || vitals === this.#vitals) return;
    if (hasPassed(QUIET_MS, this.#writtenAt, now) || this.#hasChanged(vitals)) this.#write(now, vitals);
  }

  #hasChanged({ rssMb, heapUsedMb }: VitalsSample): boolean {
    const last = this.#vitals;
    const { heapLimitMb = Number.POSITIVE_INFINITY } = this.#known;
    if (last === undefined || heapUsedMb > NEAR * heapLimitMb) return true;
    return rssMb > last.rssMb * (1 + CHANGE) || heapUsedMb - last.heapUsedMb > CHANGE * heapLimitMb;
  }

  #onStall(): void {
    if (this.#isStopped || this.#look !== undefined) return;
    this.#look = setTimeout(() => this.#follow(), FIRST_LOOK_MS);
  }

  #follow(): void {
    this.#look = undefined;
    const { context } = this.#options;
    const stall = context.currentStall();
    const now = context.now();
    if (stall === undefined) {
      this.#forgetStall();
      if (this.#stall !== undefined) this.#write(now);
      return;
    }
    this.#look = setTimeout(() => this.#follow(), LOOK_MS);
    if (this.#isWorthWriting(stall, now)) this.#write(now, undefined, stall);
    if (stall.durationMs >= SECOND_MS) void this.#askMore(stall);
  }

  #isWorthWriting(stall: Stall, now: number): boolean {
    const last = this.#stall;
    if (last?.id !== stall.id) {
      if (stall.durationMs < LASTING_MS && !hasPassed(BEGINS_MS, this.#beganAt, now)) return false;
      this.#beganAt = now;
      return true;
    }
    const { heapUsedMb = 0, heapLimitMb = Number.POSITIVE_INFINITY } = this.#known;
    const hasGrown = heapUsedMb - this.#heapUsedMb > CHANGE * heapLimitMb;
    const isNews = hasGrown || last.samples !== stall.samples || last.kind !== stall.kind;
    return isNews || hasPassed(SECOND_MS, this.#writtenAt, now);
  }

  /** What the stall itself does not tell: a heap that grows in it, or who may have made a call that does not return. */
  async #askMore(stall: Stall): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    const { context } = this.#options;
    if (stall.kind === 'javascript') {
      const heapUsedMb = await askHeapUsed(context.inspector);
      if (heapUsedMb !== undefined) this.#takeHeap(heapUsedMb);
    } else if (certainCulprit(stall) === undefined && this.#known.suspects === undefined) {
      // The blocked main is not asked: what the profile had until then is answered after a second.
      const view = await context.profile(PROFILE_MS).catch(() => undefined);
      if (view !== undefined) this.#known = { ...this.#known, suspects: suspectsOf(view) };
    }
    this.#isAsking = false;
    if (context.currentStall()?.id !== stall.id) this.#forgetStall();
  }

  #takeHeap(heapUsedMb: number): void {
    const at = this.#options.context.now();
    this.#firstHeap ??= { mb: heapUsedMb, at };
    const seconds = (at - this.#firstHeap.at) / 1_000;
    const growth = seconds < 1 ? undefined : Math.max(0, (heapUsedMb - this.#firstHeap.mb) / seconds);
    this.#known = {
      ...this.#known,
      heapUsedMb,
      ...(growth !== undefined && { heapGrowthMb: Math.round(growth * 10) / 10 }),
    };
  }

  #forgetStall(): void {
    const { heapLimitMb } = this.#known;
    this.#known = heapLimitMb === undefined ? {} : { heapLimitMb };
    this.#firstHeap = undefined;
  }

  #write(now: number, vitals?: VitalsSample, stall?: Stall): void {
    const { context, file, life, onFailure } = this.#options;
    if (this.#isStopped) return;
    try {
      const words = wordsOf(context, this.#known, stall);
      const stalls = this.#newStalls();
      file.write(life, { atMs: now, words, ...(vitals && { vitals }), stalls: stalls.map(shortened) });
      this.#hasFailed = false;
      for (const written of stalls) this.#writtenStalls.add(written);
      this.#writtenAt = now;
      this.#stall = words.stall;
      this.#heapUsedMb = words.heapUsedMb ?? 0;
      this.#vitals = vitals ?? this.#vitals;
    } catch (error) {
      if (!this.#hasFailed) onFailure(error);
      this.#hasFailed = true;
    }
  }

  /** A stall that has got its name since is another value in the ring, and is written again. */
  #newStalls(): readonly Stall[] {
    const { context } = this.#options;
    return context.stalls
      .since(2 * QUIET_MS)
      .filter((stall) => stall.durationMs >= LEAST_STALL_MS && !this.#writtenStalls.has(stall))
      .sort((a, b) => b.durationMs - a.durationMs)
      .slice(0, STALLS_PER_TICK);
  }
}

/** A clock that was set back makes nothing wait. */
const hasPassed = (ms: number, sinceMs: number, nowMs: number): boolean => Math.abs(nowMs - sinceMs) >= ms;
