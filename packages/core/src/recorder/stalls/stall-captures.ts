// The looks at main while it is blocked: when each is due, and what it adds to what is known of the stall.
import type { Id } from '../../ids.ts';
import { BEAT_MS, BLOCKED_MS, type Heartbeat, readNumber } from '../heartbeat.ts';
import type { MainSession } from '../instruments/inspector.ts';
import type { Locator, RawFrame } from '../instruments/source-map.ts';
import { type CaptureNews, capture } from './capture.ts';
import { judgedOnce } from './stall.ts';
import type { StallState } from './stall-state.ts';

/** When captures are taken, in ms since the first; every 500 ms after the last of them. */
const CAPTURES_MS = [0, 50, 100, 250];
const CAPTURE_EVERY_MS = 500;
/** Stacks of one stall that are kept. */
const STACKS_KEPT = 100;

export interface StallCaptures {
  /** A stall has begun: its first capture is due. */
  begin(): void;
  /** Called again and again while it lasts; takes the capture that is due, unless one is still under way. */
  take(state: StallState, now: number): void;
}

export interface StallCapturesOptions {
  readonly heartbeat: Heartbeat;
  readonly session: MainSession | undefined;
  readonly locator: Locator;
  /** Adds to what is known of a stall; false when it is over, and nothing was added. */
  readonly add: (id: Id, change: (state: StallState) => StallState) => boolean;
}

export function createStallCaptures({
  heartbeat,
  session,
  locator,
  add,
}: StallCapturesOptions): StallCaptures {
  let taken = 0;
  let isTaking = false;

  const takeIn = (id: Id, { kind, native, frames = [], late = false, silentMs }: CaptureNews): void => {
    const lane = late ? 'late' : 'live';
    const stack = frames.map((frame) => locator.plain(frame));
    const isGoingOn = add(id, (state) => ({
      ...state,
      ...judgedOnce(state, kind, native),
      silentMs: state.silentMs + silentMs,
      ...(stack.length > 0 && { [lane]: [...state[lane], stack].slice(-STACKS_KEPT) }),
    }));
    if (isGoingOn && stack.length > 0) void mapSources(id, lane, { stack, frames });
  };

  /** The plain stack stands at once; the original names follow when the map has been read. */
  const mapSources = async (
    id: Id,
    lane: 'live' | 'late',
    { stack, frames }: { stack: StallState['live'][number]; frames: readonly RawFrame[] },
  ): Promise<void> => {
    const mapped = await Promise.all(frames.map((frame) => locator.locate(frame)));
    add(id, (state) => ({
      ...state,
      [lane]: state[lane].map((known) => (known === stack ? mapped : known)),
    }));
  };

  return {
    begin() {
      taken = 0;
    },
    take({ id, beatAt, startedAt }, now) {
      if (isTaking || now - startedAt - BEAT_MS - BLOCKED_MS < dueMs(taken)) return;
      taken++;
      isTaking = true;
      capture({
        session,
        isOver: () => readNumber(heartbeat, 'beatAt') !== beatAt,
        onNews: (news) => takeIn(id, news),
        onSettled: () => {
          isTaking = false;
        },
      });
    },
  };
}

function dueMs(taken: number): number {
  const planned = CAPTURES_MS[taken];
  if (planned !== undefined) return planned;
  return (CAPTURES_MS.at(-1) ?? 0) + (taken - CAPTURES_MS.length + 1) * CAPTURE_EVERY_MS;
}
