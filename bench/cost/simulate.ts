// Lets the month pass: step by step while all is quiet, and slowly while models work, as if they took their time.
import { setTimeout as delay } from 'node:timers/promises';
import { anthropic, type LensEvent } from '@nodelens/core';
import { ManualClock, startMockProvider } from '@nodelens/testing';
import type { UsageReport } from '../../packages/core/src/spending/usage-report.ts';
import { answerAs } from '../../packages/testing/src/bench/language-model/scripted-brain.ts';
import { describeSkills } from './descriptors.ts';
import { createMonth, type Incident, STEP_MS } from './month.ts';
import { replaySkills } from './replay.ts';
import { openWorld } from './world.ts';

export interface SimulationOptions {
  readonly seed: number;
  readonly days: number;
  readonly incidents: readonly Incident[];
}

export interface ToldAt {
  readonly atMs: number;
  readonly event: LensEvent;
}

export interface Simulated {
  readonly told: readonly ToldAt[];
  readonly usage: UsageReport;
  /** Input tokens that the provider wrote into its cache. */
  readonly cacheWriteTokens: number;
}

/** Monday, 1 June 2026: the whole month lies before today, as timers of the real clock have it. */
export const START_MS: number = Date.UTC(2026, 5, 1);
const DAY_MS = 86_400_000;
const MODEL = 'claude-haiku-4-5';
/** Of that model; a shorter prefix is not cached. */
const CACHEABLE_TOKENS = 4_096;
/** While models work: a real pause, and what passes of the month in it, in ms. */
const PAUSE_MS = 2;
const PASSES_MS = 50;

export async function simulate({ seed, days, incidents }: SimulationOptions): Promise<Simulated> {
  const clock = new ManualClock(START_MS);
  const provider = await startMockProvider({
    now: () => clock.now(),
    minTokens: CACHEABLE_TOKENS,
    answer: (conversation, { startedMs }) => answerAs(conversation, Date.now() - (clock.now() - startedMs)),
  });
  const month = createMonth({ seed, startMs: START_MS, incidents });
  const told: ToldAt[] = [];
  const world = openWorld({
    ...(await withSkills(month, clock)),
    model: anthropic({ apiKey: 'none', baseUrl: provider.url, model: MODEL }),
    clock,
    tell: (event) => void told.push({ atMs: clock.now(), event }),
  });
  try {
    await pass(clock, START_MS + days * DAY_MS, world.isBusy);
    const cacheWriteTokens = provider.calls.reduce(
      (sum, call) => sum + call.usage.cache_creation_input_tokens,
      0,
    );
    return { told, usage: world.usage(), cacheWriteTokens };
  } finally {
    await world.close();
    await provider.close();
  }
}

async function withSkills(month: ReturnType<typeof createMonth>, clock: ManualClock) {
  const descriptors = await describeSkills();
  return { descriptors, skills: replaySkills(descriptors, month, () => clock.now()) };
}

async function pass(clock: ManualClock, untilMs: number, isBusy: () => boolean): Promise<void> {
  while (clock.now() < untilMs || isBusy()) {
    clock.advance(STEP_MS - ((clock.now() - START_MS) % STEP_MS));
    await settled();
    while (isBusy()) {
      await delay(PAUSE_MS);
      clock.advance(PASSES_MS);
    }
  }
}

/** Samples are taken, judged and looked at by then. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 2; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
