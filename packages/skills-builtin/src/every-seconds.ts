// What is done every few seconds, on the second that all who watch share (RecorderContext.everySecond).
import type { RecorderContext } from '@nodelens/core';

export type Pulse = Pick<RecorderContext, 'everySecond'>;

/** @param seconds a whole number of them */
export function everySeconds(pulse: Pulse, seconds: number, listener: () => void): void {
  let passed = 0;
  pulse.everySecond(() => {
    passed = (passed + 1) % seconds;
    if (passed === 0) listener();
  });
}
