// The actors of one thread together handle a bounded number of messages, for a bounded time, between two turns of its
// event loop: a flood must not starve its timers, sockets and heartbeat.
import { performance } from 'node:perf_hooks';

const MESSAGES_PER_TURN = 1_024;
const TURN_MS = 8;
/** The clock is read once for so many messages; a power of two. */
const LOOK_EVERY = 32;

let handled = 0;
let endsAtMs = 0;
let resting: (() => void)[] = [];

/** Asked before each message; true when it has to wait for {@link inNextTurn}. */
export function isTurnOver(): boolean {
  if (handled === 0) endsAtMs = performance.now() + TURN_MS;
  if (handled >= MESSAGES_PER_TURN) return true;
  handled += 1;
  return (handled & (LOOK_EVERY - 1)) === 0 && performance.now() > endsAtMs;
}

/** Goes on after the event loop had its turn. */
export function inNextTurn(resume: () => void): void {
  if (resting.length === 0) setImmediate(beginTurn);
  resting.push(resume);
}

function beginTurn(): void {
  const waiting = resting;
  resting = [];
  handled = 0;
  for (const resume of waiting) resume();
}
