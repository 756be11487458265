import type { CallContext, ProbeFeed, RecorderContext } from '@nodelens/core';
import { expect, test } from 'vitest';
import { createHttpSkill } from '../../src/http/skill.ts';

const nothing = { newest: () => [], since: () => [] };
const context = {
  now: Date.now,
  everySecond: () => undefined,
  vitals: nothing,
  stalls: nothing,
} as unknown as RecorderContext;
const feed = {
  numbers: new Float64Array(0),
  failure: 'no diagnostics channels',
  onEvent: () => {},
  ask: () => Promise.reject(new Error('The probe does not run.')),
} as unknown as ProbeFeed;

test('without its probe it says so by name, and keeps silent otherwise', async () => {
  const skill = createHttpSkill(context, {}, feed);
  const snapshot = await skill.snapshot();
  expect(snapshot).toMatchObject({
    servedPerSecond10s: 0,
    servingInFlight: 0,
    unavailable: ['requests: no diagnostics channels'],
  });
  for (const check of skill.checks ?? []) expect(check.when(snapshot, [])).toBeUndefined();
  expect(skill.callbacks.http_routes?.run(5, {} as CallContext)).toMatchObject({ routes: [] });
  await expect(skill.callbacks.http_pools?.run({} as CallContext)).rejects.toThrow('does not run');
});

test('a call names its skill, its units and its cost', () => {
  const { callbacks, checks = [], systemPrompt } = createHttpSkill(context, {}, feed);
  for (const [name, { description }] of Object.entries(callbacks)) {
    expect(name).toMatch(/^http_/);
    expect(description.length).toBeLessThan(600);
  }
  for (const { id } of checks) expect(systemPrompt).toContain(id);
});
