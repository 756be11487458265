import * as v from 'valibot';
import { expect, expectTypeOf, test } from 'vitest';
import { type Callback, defineSkill, type Skill } from '../src/skill.ts';

const valid: Skill = {
  id: 'redis-cache',
  title: 'Redis',
  description: 'A cache',
  systemPrompt: 'You watch a cache.',
  snapshot: () => ({ hits: 1 }),
  callbacks: { redis_cache_keys: { description: 'Keys', params: { limit: v.number() }, run: () => [] } },
  checks: [{ id: 'redis-cache.misses', when: () => undefined, investigate: '', conclude: () => undefined }],
};

test('a skill that follows the rules is returned as it is', () => {
  expect(defineSkill(valid)).toBe(valid);
});

test.each<[string, Partial<Record<keyof Skill, unknown>>, string]>([
  ['an id with capitals', { id: 'Redis' }, 'its id must match'],
  ['no title', { title: undefined }, '"title" must be a text'],
  ['an empty prompt', { systemPrompt: '' }, '"systemPrompt" must be a text'],
  ['no snapshot', { snapshot: undefined }, '"snapshot" must be a function'],
  [
    'a callback without the prefix',
    { callbacks: { keys: { description: '', run: () => 1 } } },
    '"redis_cache_"',
  ],
  [
    'a callback that cannot run',
    { callbacks: { redis_cache_x: { description: 'x' } } },
    'needs "description" and "run"',
  ],
  ['an unknown kind of metric', { metrics: { hits: 'histogram' } }, 'the metric "hits" must be'],
  ['a check of another skill', { checks: [{ id: 'gc.x' }] }, 'must start with "redis-cache."'],
])('%s is refused with the reason', (_, change, reason) => {
  const act = (): unknown => defineSkill({ ...valid, ...change } as Skill);
  expect(act).toThrow(expect.objectContaining({ code: 'skill_invalid' }));
  expect(act).toThrow(reason);
});

test('a skill that is no object is refused', () => {
  expect(() => defineSkill(undefined as unknown as Skill)).toThrow(
    expect.objectContaining({ code: 'skill_invalid' }),
  );
});

test('a callback states the types of its arguments; without one an argument is unknown', () => {
  const stated: Callback = { description: 'Jobs', run: (limit: number) => limit };
  expectTypeOf(stated.run).parameters.toEqualTypeOf<unknown[]>();
});
