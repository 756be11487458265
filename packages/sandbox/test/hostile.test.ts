// Code that means harm: each case ends as its typed error within its limit, the host's event loop keeps turning, and
// the next run works.
import { afterAll, describe, expect, test } from 'vitest';
import { createSandbox, type SandboxLimits } from '../src/index.ts';
import { watchLoop } from './heartbeat.ts';
import { hostCalls } from './hostile/host-calls.ts';
import { memory } from './hostile/memory.ts';
import { time } from './hostile/time.ts';
import { escapes, values } from './hostile/values.ts';

/** What a case may take beyond the limit that ends it: the kill, and a machine shared with other tests. */
const slackMs = 2_500;
const loopGapMs = 400;
const limits: Partial<SandboxLimits> = { cpuMs: 300, wallMs: 6_000, memoryMb: 32, hostCallMs: 300 };

const sandbox = createSandbox({ limits });
afterAll(() => sandbox.close());

describe.each([
  ['time', time],
  ['memory', memory],
  ['values', values],
  ['host calls', hostCalls],
  ['escapes', escapes],
])('%s', (_, cases) => {
  test.each(cases)('$name ends as $expected', async (entry) => {
    const stopWatching = watchLoop();
    const outcome = await sandbox.run({
      code: entry.code,
      functions: entry.functions ?? {},
      limits: entry.limits ?? {},
    });
    const gapMs = stopWatching();
    expect(outcome).toMatchObject({ ok: false, error: { code: entry.expected } });
    if (!outcome.ok && entry.message) expect(outcome.error.message).toMatch(entry.message);
    expect(outcome.durationMs).toBeLessThan((entry.withinMs ?? 300) + slackMs);
    expect(gapMs).toBeLessThan(loopGapMs);
    expect(await sandbox.run({ code: 'return 6 * 7' })).toMatchObject({ ok: true, value: 42 });
  });
});
