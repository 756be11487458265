// The stall detector: notices that main's beat is 40 ms overdue, looks at once and again while it lasts, and asks
// the armed profile for the name afterwards. It runs on the recorder's own timers and needs nothing from main.
import { idsAhead } from '../../ids.ts';
import type { Stall } from '../context.ts';
import {
  BEAT_MS,
  BLOCKED_MS,
  type Heartbeat,
  type LateBeat,
  overdueMs,
  readNumber,
  slot,
} from '../heartbeat.ts';
import { createRing, type Ring } from '../history/ring.ts';
import type { MainSession } from '../instruments/inspector.ts';
import type { OwnPauses } from '../instruments/own-pause.ts';
import type { ArmedProfile } from '../instruments/profile.ts';
import type { Locator } from '../instruments/source-map.ts';
import { hadNoCore, readTask, readUse, type TaskUse } from '../kernel/proc.ts';
import { monotonicMs, toWallMs } from '../monotonic.ts';
import { beginningOf, newStall, viewStall } from './stall.ts';
import { createStallCaptures, type StallCaptures } from './stall-captures.ts';
import { createStallNaming, type StallNaming } from './stall-naming.ts';
import type { Schedule, StallState } from './stall-state.ts';

/** A timer of ours that is later than this was not scheduled either, so it may not judge main. */
const OWN_LATE_MS = 20;
const RECHECK_MS = 25;
const MAX_RECHECKS = 3;
/** As late as this, in a process that has computed next to nothing since, it was stopped with all of it. In ms. */
const STOPPED_MS = 500;
const STOPPED_SHARE = 0.1;
/** How often the end of a stall is looked for, in ms. */
const END_CHECK_MS = 10;
const SECOND_MS = 1_000;
const STALLS_KEPT = 200;

export interface StallWatch {
  readonly stalls: Ring<Stall>;
  current(): Stall | undefined;
  /** Resolves when what blocks main now, or is being named, has ended and has its name; or after `maxWaitMs`, or on abort. */
  ended(maxWaitMs: number, signal: AbortSignal): Promise<void>;
  /** Main has left its rest and beats fast from now on. `late`: it was blocked, and nobody may have seen it. */
  awake(late?: LateBeat): void;
  /** Called each second: a main at rest is looked at no more often, so that it costs no further wake-up. */
  second(): void;
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
  readonly #naming: StallNaming;
  readonly #captures: StallCaptures;
  #state: StallState | undefined;
  #timer: NodeJS.Timeout;
  #dueAt = 0;
  #rechecks = 0;
  readonly #newId = idsAhead();
  /** Main as the kernel saw it when it was last known to turn its loop. */
  #turning: TaskUse | undefined;
  /** Main is at rest: the next look is that of {@link StallWatch.second}. */
  #hasNoTimer = false;
  /** Monotonic ms of the end of the last stall. */
  #endedAt = 0;
  /** Monotonic ms of when the process was last seen to go on after it had been stopped. */
  #resumedAt = 0;

  constructor(options: StallWatchOptions) {
    this.#options = options;
    this.#naming = createStallNaming({ ...options, stalls: this.stalls });
    this.#captures = createStallCaptures({
      ...options,
      add: (id, change) => {
        if (this.#state?.id !== id) return false;
        this.#state = change(this.#state);
        return true;
      },
    });
    this.#timer = this.#schedule(overdueMs(options.heartbeat));
  }

  current(): Stall | undefined {
    return this.#state && viewStall(this.#state, monotonicMs());
  }

  ended(maxWaitMs: number, signal: AbortSignal): Promise<void> {
    return this.#naming.ended(this.#state?.id, maxWaitMs, signal);
  }

  awake(late?: LateBeat): void {
    clearTimeout(this.#timer);
    this.#hasNoTimer = false;
    this.#noteStop(monotonicMs());
    if (late !== undefined && this.#state === undefined) this.#addUnseen(late);
    this.#check();
  }

  second(): void {
    if (!this.#hasNoTimer) return;
    this.#hasNoTimer = false;
    this.#check();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#naming.stop();
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
    this.#noteStop(now);
    if (this.#state !== undefined) this.#follow(this.#state, beatAt, now);
    else this.#look({ beatAt, every }, now);
  }

  #look({ beatAt, every }: Beat, now: number): void {
    const silentMs = now - Math.max(beatAt, this.#freeSince(now));
    const thresholdMs = every + BLOCKED_MS;
    if (silentMs < thresholdMs) {
      this.#rechecks = 0;
      this.#turning = readUse(process.pid);
      this.#hasNoTimer = every > BEAT_MS;
      if (this.#hasNoTimer) this.#dueAt = now + SECOND_MS;
      else this.#schedule(Math.max(5, thresholdMs - silentMs + 1));
      return;
    }
    const wasLate = now - this.#dueAt > OWN_LATE_MS;
    if (wasLate && this.#rechecks++ < MAX_RECHECKS) {
      this.#schedule(RECHECK_MS);
      return;
    }
    this.#rechecks = 0;
    this.#captures.begin();
    const began = beginningOf({ beatAt, dueAt: beatAt + every - BEAT_MS, now }, this.#ran());
    const startedAt = Math.max(this.#resumedAt, began);
    this.#state = this.#begin(beatAt, startedAt);
    this.#options.onBegun();
    this.#follow(this.#state, beatAt, now);
  }

  #begin(beatAt: number, startedAt: number): StallState {
    return newStall(this.#newId(), { beatAt, startedAt, startedAtMs: toWallMs(startedAt) });
  }

  /** A block that began and ended between two looks at a main at rest: only the armed profile has seen it. */
  #addUnseen({ beatAt, dueAt, cameAt, isOnTime = false }: LateBeat): void {
    const ran = this.#ran();
    const freeSince = this.#freeSince(cameAt);
    const startedAt = Math.max(freeSince, beginningOf({ beatAt, dueAt, now: cameAt }, ran));
    const wasOurs = isOnTime && freeSince > beatAt;
    if (wasOurs || this.#endedAt >= cameAt || cameAt - startedAt < BLOCKED_MS) return;
    this.#end(
      { ...this.#begin(beatAt, startedAt), ...(ran && { schedule: { ...ran, isRunnable: false } }) },
      cameAt,
    );
    this.#options.onBegun();
  }

  /** Monotonic ms since when nothing but the app keeps main from turning its loop. */
  #freeSince(now: number): number {
    return Math.max(this.#options.pauses.freeSince(now), this.#resumedAt);
  }

  /** SIGSTOP, a frozen container, a suspended machine: main stood still with this thread, and nothing blocked it. */
  #noteStop(now: number): void {
    if (now - this.#dueAt < STOPPED_MS) return;
    const { from, to } = this.#ran() ?? {};
    if (from === undefined || to === undefined) return;
    const usedMs = to.processCpuMs - from.processCpuMs + to.queuedMs - from.queuedMs;
    if (usedMs < STOPPED_SHARE * (to.at - from.at)) this.#resumedAt = now;
  }

  #ran(): Pick<Schedule, 'from' | 'to'> | undefined {
    const to = readUse(process.pid);
    return this.#turning && to && { from: this.#turning, to };
  }

  #follow(known: StallState, beatAt: number, now: number): void {
    const state = { ...known, ...this.#scheduleOf(known) };
    this.#state = state;
    if (beatAt !== state.beatAt) {
      this.#end(state, beatAt);
      this.#schedule(overdueMs(this.#options.heartbeat));
      return;
    }
    this.#captures.take(state, now);
    this.#schedule(END_CHECK_MS);
  }

  #scheduleOf({ schedule }: StallState): Pick<StallState, 'schedule'> {
    const to = readTask(process.pid);
    const from = schedule?.from ?? this.#turning;
    if (from === undefined || to === undefined) return {};
    return { schedule: { from, to, isRunnable: schedule?.isRunnable !== false && to.state === 'R' } };
  }

  #end(state: StallState, beatAt: number): void {
    const ended = { ...state, endedAt: beatAt };
    this.#state = undefined;
    this.#endedAt = beatAt;
    const { schedule, startedAt } = state;
    if (!hadNoCore(schedule?.from, schedule?.to, beatAt - startedAt))
      this.#options.heartbeat.numbers[slot.blockedAt] = monotonicMs();
    const view = viewStall(ended, beatAt);
    this.stalls.push(view);
    void this.#naming.name(ended, view);
  }
}

/** The last beat, and the interval of the one that is due. */
type Beat = { readonly beatAt: number; readonly every: number };
