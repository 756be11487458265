import { expect, test } from 'vitest';
import {
  alreadyReported,
  emptyMemory,
  fingerprint,
  type Memory,
  remember,
  rememberData,
  rememberRound,
  resolve,
} from '../../src/operator/memory.ts';
import type { Notification } from '../../src/operator/notification.ts';
import { recall } from '../../src/operator/recall.ts';
import type { Severity, Subject } from '../../src/skill.ts';

const cache: Subject = { kind: 'collection', name: 'sessionCache', file: '/app/cart.js' };
const shop: Subject = { kind: 'process', name: 'shop' };
const found = (severity: Severity, subjects: readonly Subject[] = [cache], id = 'one'): Notification => ({
  id,
  investigationId: 'inv',
  operator: 'memory',
  type: 'memory.high',
  severity,
  context: 'Memory is high.',
  observation: 'It is large.',
  subjects,
  snapshots: [],
  detectedAt: '2026-01-01T00:00:00.000Z',
  process: { hostname: 'here', pid: 1 },
});
const hour = 3_600_000;
const at = (nowMs: number, causes: readonly string[] = []) => ({ nowMs, causes });

test('the order and the figures of subjects do not make another finding', () => {
  const measured = { ...cache, value: 9, line: 3 };
  expect(fingerprint('x', [cache, shop])).toBe(fingerprint('x', [shop, measured]));
  expect(fingerprint('x', [cache])).not.toBe(fingerprint('y', [cache]));
});

const sized = (value: number, unit = 'MB'): Subject => ({ ...cache, value, unit });

test.each<[string, Severity, readonly Subject[], number, boolean]>([
  ['the same', 'warning', [sized(100)], 1, true],
  ['a lower severity', 'info', [sized(100)], 1, true],
  ['a higher severity', 'critical', [sized(100)], 1, false],
  ['another subject', 'warning', [shop], 1, false],
  ['a little more of it', 'warning', [sized(149)], 1, true],
  ['half as much again', 'warning', [sized(150)], 1, false],
  ['a figure of another unit', 'warning', [sized(150, 'KB')], 1, true],
  ['the same, after the cool-down', 'warning', [sized(100)], hour, false],
])('%s was reported before: %#', (_, severity, subjects, nowMs, isKnown) => {
  const memory = remember(emptyMemory, found('warning', [sized(100)]), at(0));
  const known = alreadyReported(memory, found(severity, subjects), { nowMs, repeatAfterMs: hour });
  expect(known !== undefined).toBe(isKnown);
});

test('what is raised again began when it was news, and what is over is no longer known', () => {
  let memory = remember(emptyMemory, found('warning'), at(10));
  memory = remember(memory, found('critical', [cache], 'two'), at(20));
  expect(memory.reported).toMatchObject([{ id: 'two', sinceMs: 10, reportedAtMs: 20 }]);
  memory = resolve(memory, memory.reported, 50);
  expect(memory).toMatchObject({ reported: [], resolved: [{ id: 'two', lastedMs: 40 }] });
  expect(alreadyReported(memory, found('warning'), { nowMs: 51, repeatAfterMs: hour })).toBeUndefined();
});

test('a check that reported it is its only cause, whatever else fired', () => {
  const causes = (...ids: string[]) => remember(emptyMemory, found('info'), at(0, ids)).reported[0]?.causes;
  expect(causes('memory.high', 'memory.other')).toEqual(['memory.high']);
  expect(causes('memory.leak', 'memory.other')).toEqual(['memory.leak', 'memory.other']);
});

function busyMonth(): Memory {
  let memory = emptyMemory;
  for (let n = 0; n < 500; n++) {
    memory = remember(memory, found('warning', [{ ...shop, name: `shop-${n}` }], `id-${n}`), at(n));
    memory = rememberData(memory, { n });
    memory = rememberRound(memory, { atMs: n, why: 'check x', state: 'warning', reason: 'w'.repeat(999) });
    if (n % 2 === 0) memory = resolve(memory, memory.reported.slice(-1), n);
  }
  return memory;
}

test('it is bounded, and forgets the oldest first', () => {
  const memory = busyMonth();
  expect(memory.reported).toHaveLength(100);
  expect(memory.history.at(-1)).toEqual({ n: 499 });
  expect(memory.history).toHaveLength(30);
  expect(JSON.stringify(memory).length).toBeLessThan(60_000);
});

test('what the model is told of it is bounded too: the newest, with their ids', () => {
  const told = recall(busyMonth());
  expect(JSON.stringify(told).length).toBeLessThan(1_600);
  expect(told.reportedInEarlierRounds).toContainEqual(expect.objectContaining({ id: 'id-499' }));
  expect(recall(emptyMemory)).toEqual({});
  const quiet = resolve(remember(emptyMemory, found('info'), at(0)), [], 1);
  expect(recall(resolve(quiet, quiet.reported, 90_000))).toMatchObject({
    resolvedSince: [{ id: 'one', lastedSeconds: 90 }],
  });
});
