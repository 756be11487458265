import * as v from 'valibot';
import { expect, test } from 'vitest';
import { signature } from '../../src/operator/signature.ts';
import { defineSkill, type ParamSchemas } from '../../src/skill.ts';
import { createSkillHost } from '../../src/skill-host.ts';

/** The line that a model reads about a callback with these parameters. */
function lineOf(params: ParamSchemas, timeoutMs?: number): string {
  const skill = defineSkill({
    id: 'shop',
    title: 'Shop',
    description: 'The shop',
    systemPrompt: 'You watch the shop.',
    snapshot: () => ({}),
    callbacks: {
      shop_top: { description: 'The largest.', params, run: () => [], ...(timeoutMs && { timeoutMs }) },
    },
  });
  const [callback] = createSkillHost([skill]).descriptor('shop').callbacks;
  return callback === undefined ? '' : signature(callback, 5_000);
}

const limit = v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(50)), 10);

test.each<[string, ParamSchemas, string]>([
  ['none', {}, 'shop_top(): The largest.'],
  ['a range and a default', { limit }, 'shop_top(limit?: integer 1..50 = 10): The largest.'],
  [
    'a choice',
    { by: v.optional(v.picklist(['size', 'age']), 'size') },
    'shop_top(by?: "size" | "age" = "size"): The largest.',
  ],
  [
    'a text that must not be empty, and a flag',
    { name: v.pipe(v.string(), v.nonEmpty()), deep: v.boolean() },
    'shop_top(name: string, not empty, deep: boolean): The largest.',
  ],
  ['a list', { names: v.array(v.string()) }, 'shop_top(names: (string)[]): The largest.'],
  [
    'what the short form cannot tell, as its schema',
    { at: v.pipe(v.string(), v.isoDate()) },
    'shop_top(at: {"type":"string","format":"date"}): The largest.',
  ],
])('parameters are told in one line: %s', (_, params, line) => {
  expect(lineOf(params)).toBe(line);
});

test('a deadline is told when it is not the usual one', () => {
  expect(lineOf({}, 60_000)).toBe('shop_top(): The largest. At most 60000 ms.');
});
