import { expect, test } from 'vitest';
import { createCollectionEstimate } from '../../src/recorder/instruments/collection-estimate.ts';

test('the first guess is replaced by what collections took', () => {
  const estimate = createCollectionEstimate();
  expect(estimate.pauseMs(300)).toBe(155);
  estimate.learn(300, 405);
  expect(estimate.pauseMs(300)).toBe(405);
  estimate.learn(300, 350);
  expect(estimate.pauseMs(300)).toBe(350);
});

test('a reading that waited for a blocked main teaches nothing', () => {
  const estimate = createCollectionEstimate();
  estimate.learn(100, 10_000);
  expect(estimate.pauseMs(100)).toBe(55);
});

test('what was seen long ago is forgotten', () => {
  const estimate = createCollectionEstimate();
  estimate.learn(100, 55);
  for (let reading = 0; reading < 5; reading += 1) estimate.learn(100, 125);
  expect(estimate.pauseMs(100)).toBe(125);
});
