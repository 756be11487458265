import { expect, test } from 'vitest';
import {
  alreadyReported,
  emptyMemory,
  fingerprint,
  remember,
  rememberData,
} from '../../src/operator/memory.ts';
import type { Severity, Subject } from '../../src/skill.ts';

const cache: Subject = { kind: 'collection', name: 'sessionCache', file: '/app/cart.js' };
const shop: Subject = { kind: 'process', name: 'shop' };
const found = (severity: Severity, subjects: readonly Subject[] = [cache]) => ({
  type: 'memory.high',
  severity,
  subjects,
  observation: 'It is large.',
});
const hour = 3_600_000;

test('the order and the figures of subjects do not make another finding', () => {
  const measured = { ...cache, value: 9, line: 3 };
  expect(fingerprint('x', [cache, shop])).toBe(fingerprint('x', [shop, measured]));
  expect(fingerprint('x', [cache])).not.toBe(fingerprint('y', [cache]));
});

test.each<[string, Severity, readonly Subject[], number, boolean]>([
  ['the same', 'warning', [cache], 1, true],
  ['a lower severity', 'info', [cache], 1, true],
  ['a higher severity', 'critical', [cache], 1, false],
  ['another subject', 'warning', [shop], 1, false],
  ['the same, an hour later', 'warning', [cache], hour, false],
])('%s was reported before: %#', (_, severity, subjects, atMs, isKnown) => {
  const memory = remember(emptyMemory, found('warning'), 0);
  expect(alreadyReported(memory, found(severity, subjects), atMs) !== undefined).toBe(isKnown);
});

test('it is bounded, and forgets the oldest first', () => {
  let memory = emptyMemory;
  for (let n = 0; n < 500; n++) {
    memory = remember(memory, found('warning', [{ ...shop, name: `shop-${n}` }]), n);
    memory = rememberData(memory, { n });
  }
  expect(memory.reported).toHaveLength(100);
  expect(memory.history.at(-1)).toEqual({ n: 499 });
  expect(memory.history).toHaveLength(30);
});
