// What is done every few seconds, on the second that all who watch share (RecorderContext.everySecond).
import type { RecorderContext } from '@nodelens/core';

export type Pulse = Pick<RecorderContext, 'everySecond'>;

export interface Pace {
  /** Whole numbers of seconds. */
  readonly inUse: number;
  readonly atRest: number;
  /** Whether nothing else speaks against waiting as long as `atRest`. */
  readonly mayWait: () => boolean;
}

/** Every `inUse` seconds, and every `atRest` while nothing happens in the process. */
export function everyFewSeconds(pulse: Pulse, { inUse, atRest, mayWait }: Pace, listener: () => void): void {
  let passed = 0;
  pulse.everySecond((isAtRest) => {
    passed += 1;
    if (passed < (isAtRest && mayWait() ? atRest : inUse)) return;
    passed = 0;
    listener();
  });
}

/** @param seconds a whole number of them */
export function everySeconds(pulse: Pulse, seconds: number, listener: () => void): void {
  let passed = 0;
  pulse.everySecond(() => {
    passed = (passed + 1) % seconds;
    if (passed === 0) listener();
  });
}
