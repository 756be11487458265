import { expect, test } from 'vitest';
import { Sampling } from '../../src/requests/sampling.ts';

test.each([
  { perSecond: 20, atMost: 21 },
  { perSecond: 1_000, atMost: 60 },
  { perSecond: 60_000, atMost: 60 },
])('$perSecond requests a second are told by few, whose weights add up', ({ perSecond, atMost }) => {
  const sampling = new Sampling(0);
  let told = 0;
  let weights = 0;
  for (let request = 0; request < perSecond * 60; request += 1) {
    const at = (request * 1_000) / perSecond;
    const weight = sampling.weightOf(1, 'plain', at);
    if (weight > 0 && at > 10_000) told += 1;
    if (at > 10_000) weights += weight;
  }
  expect(told / 50).toBeLessThanOrEqual(atMost);
  expect(weights / 50 / perSecond).toBeGreaterThan(0.85);
  expect(weights / 50 / perSecond).toBeLessThan(1.15);
});

test('routes that alternate are seen alike', () => {
  const sampling = new Sampling(0);
  const weights = [0, 0];
  for (let request = 0; request < 100_000; request += 1)
    weights[request % 2] = (weights[request % 2] ?? 0) + sampling.weightOf(1, 'plain', request / 10);
  expect((weights[0] ?? 0) / (weights[1] ?? 1)).toBeGreaterThan(0.6);
  expect((weights[0] ?? 0) / (weights[1] ?? 1)).toBeLessThan(1.6);
});

test('what failed, what is slow and what is large is told itself, up to a budget', () => {
  const sampling = new Sampling(0);
  for (let request = 0; request < 5_000; request += 1) sampling.weightOf(1, 'plain', request / 5);
  expect(sampling.weightOf(1, 'severe', 999)).toBe(1);
  expect(sampling.weightOf(5_000, 'plain', 999)).toBe(1);
  const severe = Array.from({ length: 1_000 }, () => sampling.weightOf(1, 'severe', 999.5));
  expect(severe.filter((weight) => weight === 1).length).toBeLessThan(60);
  const large = Array.from({ length: 1_000 }, () => sampling.weightOf(1, 'large', 999.5));
  expect(large.filter((weight) => weight === 1)).toHaveLength(20);
});
