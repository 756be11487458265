// The recorder dies of a skill that it hosts: it comes back by its policy, and the system with it.
import { expect, test } from 'vitest';
import type { SkillSpec } from '../../src/skill.ts';
import { pulse, startLens } from './kit.ts';

const lethal = (how: string): SkillSpec => ({
  kind: 'skill-spec',
  id: 'lethal',
  module: new URL('./fixtures/lethal-skill.ts', import.meta.url).href,
  exportName: 'createLethalSkill',
  options: { how },
});

const ALWAYS = ['always', 'always-2', 'always-3', 'always-4', 'always-5'];

test.for([['throw'], ['exit'], ['loop']])(
  'a recorder that ends by %s is restarted, and operators run again',
  { timeout: 60_000 },
  async ([how = '']) => {
    const always = how === 'exit' ? ALWAYS : ALWAYS.slice(0, 1);
    const lens = await startLens({
      // Its samples alone would end the recorder.
      anomaly: false,
      operators: [
        { skill: pulse() },
        { name: 'lethal', skill: lethal(how) },
        // More than its supervisor may restart in its window: that they die with their host is one failure.
        ...always.map((name) => ({
          name,
          skill: pulse('always'),
          mode: 'continuous' as const,
          limits: { roundEveryMs: 100 },
        })),
      ],
    });
    const back = Promise.withResolvers<void>();
    const exits: boolean[] = [];
    lens.on('recorder.exited', ({ willRestart }) => exits.push(willRestart));
    lens.on('recorder.restarted', () => back.resolve());

    const said: string[] = [];
    const allSaid = Promise.withResolvers<void>();
    lens.on('operator.notification', ({ operator }) => {
      if (!always.includes(operator)) return;
      said.push(operator);
      if (said.length === always.length) allSaid.resolve();
    });
    await allSaid.promise;

    const doomed = await lens.operator.run('lethal', { reason: 'die' }, { timeoutMs: 40_000 });
    expect(doomed.status).toBe('failed');
    await back.promise;
    expect(exits).toEqual([true]);

    const rounds = Promise.withResolvers<void>();
    const missing = new Set(always);
    lens.on('operator.step', ({ operator }) => {
      missing.delete(operator);
      if (missing.size === 0) rounds.resolve();
    });
    const run = await lens.operator.run('pulse', { reason: 'still there?' }, { timeoutMs: 30_000 });
    expect(run).toMatchObject({ status: 'completed', state: 'warning' });
    const result = await lens.coordinator.run({ reason: 'pulse' }, { skills: ['pulse'], timeoutMs: 30_000 });
    expect(result.status).toBe('completed');
    await rounds.promise;
    // It was said in the life before.
    expect(said.toSorted()).toEqual(always);
  },
);
