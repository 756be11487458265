import { expect, test } from 'vitest';
import { fail } from '../../src/errors.ts';
import {
  type Circuit,
  closedCircuit,
  isOpen,
  settled,
  type Verdict,
  verdictOf,
  waitOf,
} from '../../src/spending/circuit.ts';

const after = (verdicts: readonly Verdict[], circuit: Circuit = closedCircuit, nowMs = 0): Circuit =>
  verdicts.reduce(
    (before, verdict) => settled(before, verdict, { nowMs, random: () => 0, isProbe: before.isProbed }),
    circuit,
  );
const bad = (times: number): Verdict[] => Array.from({ length: times }, () => 'bad');

test('five failures in a row open it; a success or another kind of failure between them does not count', () => {
  expect(isOpen(after(bad(4)))).toBe(false);
  expect(isOpen(after([...bad(4), 'good', ...bad(4)]))).toBe(false);
  expect(isOpen(after([...bad(4), 'neither', 'bad']))).toBe(true);
});

test('it stays open for 30 s, twice as long each time the probe fails, at most 10 min', () => {
  let circuit = after(bad(5));
  let nowMs = 0;
  const waits: number[] = [];
  for (let opening = 0; opening < 7; opening += 1) {
    waits.push(waitOf(circuit, nowMs));
    nowMs += waitOf(circuit, nowMs);
    circuit = after(['bad'], { ...circuit, isProbed: true }, nowMs);
  }
  expect(waits).toEqual([30_000, 60_000, 120_000, 240_000, 480_000, 600_000, 600_000]);
});

test('while the probe is under way nobody else is let in; its success closes it, its abort leaves the next one', () => {
  const probed = { ...after(bad(5)), isProbed: true };
  expect(waitOf(probed, 40_000)).toBeGreaterThan(0);
  expect(after(['good'], probed)).toEqual(closedCircuit);
  expect(waitOf(after(['neither'], probed), 40_000)).toBe(0);
});

test('failures of calls that had begun before it opened do not keep it open for longer', () => {
  const open = after(bad(5));
  expect(waitOf(after(bad(3), open, 20_000), 20_000)).toBe(10_000);
});

const model = 'm';
test.each([
  ['a lost connection', fail('model_unavailable', { model }), false, 'bad'],
  ['a rate limit', fail('model_rate_limited', { model }), false, 'bad'],
  ['a timeout', fail('model_timeout', { model }), false, 'bad'],
  ['a key that is refused', fail('model_failed', { model, status: 401 }), false, 'bad'],
  ['what a model of the user throws', new TypeError('fetch failed'), false, 'bad'],
  ['a request that is refused', fail('model_failed', { model, status: 400 }), false, 'good'],
  ['an empty answer', fail('model_response_empty', { model }), false, 'neither'],
  ['an abort', fail('model_unavailable', { model }), true, 'neither'],
] as const)('%s', (_, error, isAborted, verdict) => expect(verdictOf(error, isAborted)).toBe(verdict));
