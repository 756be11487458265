// The stall detector: notices that main's beat is 40 ms overdue, looks at once and again while it lasts, and asks
// the armed profile for the name afterwards. It runs on the recorder's own timers and needs nothing from main.
import { idsAhead } from '../ids.ts';
import { type CaptureNews, capture } from './capture.ts';
import type { Stall } from './context.ts';
import { collectedMs } from './gc.ts';
import { BEAT_MS, BLOCKED_MS, type Heartbeat, overdueMs, readNumber } from './heartbeat.ts';
import type { MainSession } from './inspector.ts';
import { monotonicMs, toWallMs } from './monotonic.ts';
import type { OwnPauses } from './own-pause.ts';
import { readTask, readUse, type TaskUse } from './proc.ts';
import type { ArmedProfile } from './profile.ts';
import { createRing, type Ring } from './ring.ts';
import type { Locator, RawFrame } from './source-map.ts';
import { countStacks } from './stack.ts';
import { judgedOnce, newStall, type StallState, viewStall } from './stall.ts';
import { createStallWaiters } from './stall-waiters.ts';

/** A timer of ours that is later than this was not scheduled either, so it may not judge main. */
const OWN_LATE_MS = 20;
const RECHECK_MS = 25;
const MAX_RECHECKS = 3;
/** How often the end of a stall is looked for, in ms. */
const END_CHECK_MS = 10;
/** When captures are taken, in ms since the first; every 500 ms after the last of them. */
const CAPTURES_MS = [0, 50, 100, 250];
const CAPTURE_EVERY_MS = 500;
/** How long the end of a stall waits for two more beats: main has told its collections by then. In ms. */
const SETTLE_MS = 1_000;
const STALLS_KEPT = 200;
/** Stacks of one stall that are kept. */
const STACKS_KEPT = 100;

export interface StallWatch {
  readonly stalls: Ring<Stall>;
  current(): Stall | undefined;
  /** Resolves when what blocks main now, or is being named, has ended and has its name; or after `maxWaitMs`, or on abort. */
  ended(maxWaitMs: number, signal: AbortSignal): Promise<void>;
  /** Main has left its rest: from now on it beats fast. */
  awake(): void;
  stop(): void;
}

export interface StallWatchOptions {
  readonly heartbeat: Heartbeat;
  readonly session: MainSession | undefined;
  readonly locator: Locator;
  readonly profile: ArmedProfile | undefined;
  readonly pauses: OwnPauses;
  readonly onBegun: () => void;
}

export function createStallWatch(options: StallWatchOptions): StallWatch {
  return new Watch(options);
}

class Watch implements StallWatch {
  readonly stalls: Ring<Stall> = createRing<Stall>({
    capacity: STALLS_KEPT,
    timeOf: (stall) => stall.startedAtMs + stall.durationMs,
  });
  readonly #options: StallWatchOptions;
  readonly #waiters = createStallWaiters();
  /** Ids of stalls that have ended and are being named. */
  readonly #naming = new Set<string>();
  #state: StallState | undefined;
  #timer: NodeJS.Timeout;
  #dueAt = 0;
  #rechecks = 0;
  #captures = 0;
  #capturing = false;
  readonly #newId = idsAhead();
  /** Main as the kernel saw it when it was last known to turn its loop. */
  #turning: TaskUse | undefined;

  constructor(options: StallWatchOptions) {
    this.#options = options;
    this.#timer = this.#schedule(overdueMs(options.heartbeat));
  }

  current(): Stall | undefined {
    return this.#state && viewStall(this.#state, monotonicMs());
  }

  ended(maxWaitMs: number, signal: AbortSignal): Promise<void> {
    const open = new Set(this.#naming);
    if (this.#state !== undefined) open.add(this.#state.id);
    return this.#waiters.wait(open, maxWaitMs, signal);
  }

  awake(): void {
    clearTimeout(this.#timer);
    this.#check();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#waiters.releaseAll();
  }

  #schedule(afterMs: number): NodeJS.Timeout {
    this.#dueAt = monotonicMs() + afterMs;
    this.#timer = setTimeout(() => this.#check(), afterMs);
    return this.#timer;
  }

  #check(): void {
    const { heartbeat } = this.#options;
    // Before the beat: main writes them in the other order.
    const every = readNumber(heartbeat, 'beatEvery');
    const beatAt = readNumber(heartbeat, 'beatAt');
    const now = monotonicMs();
    if (this.#state !== undefined) this.#follow(this.#state, beatAt, now);
    else this.#look({ beatAt, every }, now);
  }

  #look({ beatAt, every }: Beat, now: number): void {
    const silentMs = now - Math.max(beatAt, this.#options.pauses.freeSince(now));
    const thresholdMs = every + BLOCKED_MS;
    if (silentMs < thresholdMs) {
      this.#rechecks = 0;
      this.#turning = readUse(process.pid);
      this.#schedule(Math.max(5, thresholdMs - silentMs + 1));
      return;
    }
    const wasLate = now - this.#dueAt > OWN_LATE_MS;
    if (wasLate && this.#rechecks++ < MAX_RECHECKS) {
      this.#schedule(RECHECK_MS);
      return;
    }
    this.#rechecks = 0;
    this.#captures = 0;
    const startedAt = this.#beginning({ beatAt, every }, now);
    this.#state = newStall(this.#newId(), { beatAt, startedAt, startedAtMs: toWallMs(startedAt) });
    this.#options.onBegun();
    this.#follow(this.#state, beatAt, now);
  }

  /** A main that beats slowly may have turned its loop since its last beat: what it has run and waited for a core tells. */
  #beginning({ beatAt, every }: Beat, now: number): number {
    const dueAt = beatAt + every - BEAT_MS;
    const use = readUse(process.pid);
    if (use === undefined || this.#turning === undefined) return dueAt;
    const { cpuMs, queuedMs } = this.#turning;
    return Math.max(beatAt, Math.min(dueAt, now - (use.cpuMs - cpuMs + use.queuedMs - queuedMs)));
  }

  #follow(known: StallState, beatAt: number, now: number): void {
    const state = { ...known, ...this.#scheduleOf(known) };
    this.#state = state;
    if (beatAt !== state.beatAt) {
      this.#end(state, beatAt);
      this.#schedule(overdueMs(this.#options.heartbeat));
      return;
    }
    const sinceFirst = now - state.startedAt - BEAT_MS - BLOCKED_MS;
    if (!this.#capturing && sinceFirst >= captureDueMs(this.#captures)) {
      this.#captures++;
      this.#capture(state);
    }
    this.#schedule(END_CHECK_MS);
  }

  #scheduleOf({ schedule }: StallState): Pick<StallState, 'schedule'> {
    const to = readTask(process.pid);
    const from = schedule?.from ?? this.#turning;
    if (from === undefined || to === undefined) return {};
    return { schedule: { from, to, isRunnable: schedule?.isRunnable !== false && to.state === 'R' } };
  }

  #capture({ id, beatAt }: StallState): void {
    this.#capturing = true;
    capture({
      session: this.#options.session,
      isOver: () => readNumber(this.#options.heartbeat, 'beatAt') !== beatAt,
      onNews: (news) => {
        if (this.#state?.id === id) this.#take(this.#state, news);
      },
      onSettled: () => {
        this.#capturing = false;
      },
    });
  }

  #take(state: StallState, { kind, native, frames = [], late = false, silentMs }: CaptureNews): void {
    const lane = late ? 'late' : 'live';
    const stack = frames.map((frame) => this.#options.locator.plain(frame));
    this.#state = {
      ...state,
      ...judgedOnce(state, kind, native),
      silentMs: state.silentMs + silentMs,
      ...(stack.length > 0 && { [lane]: [...state[lane], stack].slice(-STACKS_KEPT) }),
    };
    if (stack.length > 0) void this.#mapSources(state.id, lane, { stack, frames });
  }

  /** The plain stack stands at once; the original names follow when the map has been read. */
  async #mapSources(
    id: string,
    lane: 'live' | 'late',
    { stack, frames }: { stack: StallState['live'][number]; frames: readonly RawFrame[] },
  ): Promise<void> {
    const mapped = await Promise.all(frames.map((frame) => this.#options.locator.locate(frame)));
    const state = this.#state;
    if (state?.id !== id) return;
    this.#state = { ...state, [lane]: state[lane].map((known) => (known === stack ? mapped : known)) };
  }

  #end(state: StallState, beatAt: number): void {
    const ended = { ...state, endedAt: beatAt };
    this.#state = undefined;
    const view = viewStall(ended, beatAt);
    this.stalls.push(view);
    void this.#settle(ended, view);
  }

  /** Known only after the end: the collections, and what the profile saw (2 ms of main, twice a second at most). */
  async #settle(state: StallState, view: Stall): Promise<void> {
    this.#naming.add(state.id);
    const { startedAt, endedAt = monotonicMs() } = state;
    await this.#beatAfter(await this.#beatAfter(endedAt));
    const { heartbeat, profile } = this.#options;
    const collected = { ...state, gcMs: collectedMs(heartbeat, startedAt, endedAt) };
    const isNobodys = view.kind === 'not-scheduled';
    const stacks = isNobodys || profile === undefined ? [] : await profile.stacks(startedAt, endedAt);
    const settled = { ...collected, profile: countStacks(stacks) };
    this.stalls.replace(view, viewStall(settled, endedAt));
    this.#naming.delete(state.id);
    this.#waiters.release(state.id);
  }

  async #beatAfter(at: number): Promise<number> {
    const until = monotonicMs() + SETTLE_MS;
    const beatAt = (): number => readNumber(this.#options.heartbeat, 'beatAt');
    while (beatAt() <= at && monotonicMs() < until)
      await new Promise((resolve) => setTimeout(resolve, END_CHECK_MS));
    return beatAt();
  }
}

/** The last beat, and the interval of the one that is due. */
type Beat = { readonly beatAt: number; readonly every: number };

function captureDueMs(taken: number): number {
  const planned = CAPTURES_MS[taken];
  if (planned !== undefined) return planned;
  return (CAPTURES_MS.at(-1) ?? 0) + (taken - CAPTURES_MS.length + 1) * CAPTURE_EVERY_MS;
}
