import type { SandboxOutcome, SandboxRun } from '@nodelens/sandbox';
import { expect, test } from 'vitest';
import { execute } from '../../src/operator/execute.ts';
import type { SkillAccess } from '../../src/operator/skill-access.ts';

/** The limits that a script of a skill with these callbacks gets. */
async function limitsFor(...timeoutsMs: readonly number[]): Promise<SandboxRun['limits']> {
  const runs: SandboxRun[] = [];
  const outcome = { ok: true, value: null, console: [] } as unknown as SandboxOutcome;
  const sandbox = {
    run: async (run: SandboxRun) => {
      runs.push(run);
      return outcome;
    },
    close: () => undefined,
  };
  const callbacks = timeoutsMs.map((timeoutMs, index) => ({ name: `slow_${index}`, timeoutMs }));
  const skill = { descriptor: { callbacks } } as unknown as SkillAccess;
  await execute(sandbox, skill, { code: 'return 1', signal: new AbortController().signal });
  return runs[0]?.limits;
}

test('a script may wait for the longest sampling callback of its skill, and for one more', async () => {
  const limits = await limitsFor(5_000, 60_000);
  expect(limits?.hostCallMs).toBeGreaterThan(60_000);
  expect(limits?.wallMs).toBeGreaterThan(2 * 60_000);
  expect((await limitsFor())?.wallMs).toBeGreaterThanOrEqual(30_000);
});
