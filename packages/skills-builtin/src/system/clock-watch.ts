// Steps of the clock: what the wall clock moved by while the monotonic one did not. Someone set it, a time server
// did, or the machine slept. A slow correction moves both clocks and is no step.
import type { Clocks } from './machine.ts';

export interface ClockStep {
  readonly atMs: number;
  /** Positive: the clock jumped ahead. */
  readonly stepMs: number;
  /** `suspended`: the machine slept, so the time told now is right. */
  readonly kind: 'set' | 'suspended';
}

/** Below this a time server corrects slowly (ntpd steps at 128 ms). */
const STEP_MS = 100;
/** A look at three clocks that took longer was interrupted and says nothing. */
const LOOK_MS = 5;
const CAPACITY = 100;

export interface ClockWatch {
  /** Looks at the clocks: to be called every second. */
  look(): void;
  /** Newest first, of the last `windowMs`. */
  since(windowMs: number): readonly ClockStep[];
}

export function createClockWatch(clocks: Clocks): ClockWatch {
  const steps: { readonly monotonicMs: number; readonly step: ClockStep }[] = [];
  let known: Look | undefined;
  return {
    look() {
      const seen = lookAt(clocks);
      if (seen === undefined) return;
      const step = known && stepBetween(known, seen);
      known = seen;
      if (step === undefined) return;
      steps.push({ monotonicMs: seen.monotonicMs, step });
      if (steps.length > CAPACITY) steps.shift();
    },
    since: (windowMs) => {
      const from = clocks.monotonicMs() - windowMs;
      return steps
        .filter(({ monotonicMs }) => monotonicMs >= from)
        .map(({ step }) => step)
        .reverse();
    },
  };
}

interface Look {
  readonly wallMs: number;
  readonly monotonicMs: number;
  readonly bootMs: number;
}

function lookAt(clocks: Clocks): Look | undefined {
  const monotonicMs = clocks.monotonicMs();
  const wallMs = clocks.wallMs();
  const bootMs = clocks.bootMs();
  return clocks.monotonicMs() - monotonicMs > LOOK_MS ? undefined : { wallMs, monotonicMs, bootMs };
}

function stepBetween(before: Look, after: Look): ClockStep | undefined {
  const elapsedMs = after.monotonicMs - before.monotonicMs;
  const stepMs = Math.round(after.wallMs - before.wallMs - elapsedMs);
  if (Math.abs(stepMs) < STEP_MS) return undefined;
  const asleepMs = after.bootMs - before.bootMs - elapsedMs;
  // What was slept is told in hundredths of a second at best.
  const isSleep = stepMs > 0 && Math.abs(asleepMs - stepMs) < Math.max(STEP_MS, stepMs / 20);
  return { atMs: after.wallMs, stepMs, kind: isSleep ? 'suspended' : 'set' };
}
