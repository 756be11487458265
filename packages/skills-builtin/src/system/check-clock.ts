// The check `system.clock_step`: the clock was set while the process ran. Pure.
import type { Check, Conclusion, JsonObject, JsonValue } from '@nodelens/core';
import { listOf, numberOf, textOf } from '../evidence.ts';
import { ms } from '../wording.ts';

/** Ours: below, only code that times something by Date.now() notices. ntpd steps from 128 ms on. */
const NOTED_MS = 500;
/** Ours: the leeway that libraries for tokens allow is a minute at most. */
const LARGE_MS = 60_000;

export const clockStep: Check = {
  id: 'system.clock_step',
  when: (snapshot) => {
    const stepMs = numberOf(snapshot.clockLargestStep10mMs);
    return Math.abs(stepMs) < NOTED_MS ? undefined : { stepMs };
  },
  investigate: 'return await system_clock_steps(20);',
  conclude: (evidence) => conclude(evidence),
};

function conclude(evidence: JsonValue): Conclusion | undefined {
  const steps = listOf(evidence).filter(({ stepMs }) => Math.abs(numberOf(stepMs)) >= NOTED_MS);
  const largest = steps.toSorted((a, b) => Math.abs(numberOf(b.stepMs)) - Math.abs(numberOf(a.stepMs)))[0];
  if (largest === undefined) return undefined;
  const stepMs = numberOf(largest.stepMs);
  const isSleep = textOf(largest.kind) === 'suspended';
  return {
    // Time that runs backwards breaks what takes it for ordered; a small jump ahead is rarely felt.
    severity: stepMs < 0 || stepMs >= LARGE_MS ? 'warning' : 'info',
    context: `The clock made ${steps.length === 1 ? 'a step' : `${steps.length} steps`} of ${ms(NOTED_MS)} or more within the last hour.`,
    observation: isSleep ? slept(stepMs) : wasSet(stepMs, largest),
    hypothesis: isSleep
      ? 'What expired meanwhile (connections, leases, tokens, timers) fails on its next use.'
      : 'What compares Date.now() across the step (timeouts, leases, tokens, durations) is wrong by that much.',
    subjects: [{ kind: 'resource', name: 'clock', value: stepMs, unit: 'ms' }],
  };
}

const slept = (stepMs: number): string => `The machine was suspended for ${ms(stepMs)}.`;

const wasSet = (stepMs: number, { atMs }: JsonObject): string =>
  `The clock was set ${stepMs < 0 ? 'back' : 'ahead'} by ${ms(Math.abs(stepMs))} to ${new Date(numberOf(atMs)).toISOString()}.`;
