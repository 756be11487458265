import type { Stall } from '@nodelens/core';
import { expect, test } from 'vitest';
import { afterStart } from '../../src/runtime/window.ts';

const stall = (parts: Partial<Stall>): Stall => ({
  id: 'a',
  startedAtMs: 1_000,
  durationMs: 300,
  ongoing: false,
  kind: 'javascript',
  starvedMs: 0,
  gcMs: 0,
  stack: [],
  evidence: 'none',
  samples: 0,
  culpritSamples: 0,
  ...parts,
});

test.each<[string, Partial<Stall>, boolean]>([
  ['one while modules are loaded', {}, false],
  ['one that goes on', { ongoing: true }, true],
  [
    'one that began before the process was attached, and lasted',
    { startedAtMs: -4_000, durationMs: 9_000 },
    true,
  ],
  ['one that a busy machine draws out', { durationMs: 6_000, starvedMs: 4_500 }, false],
  ['a later one', { startedAtMs: 4_000 }, true],
])('of the stalls at the start %s is told or not', (_, parts, isTold) => {
  expect(afterStart([stall(parts)], 500)).toHaveLength(isTold ? 1 : 0);
});
