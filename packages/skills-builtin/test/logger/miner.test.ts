import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Level } from '../../src/logger/levels.ts';
import { maskedTokens } from '../../src/logger/mask.ts';
import { createMiner } from '../../src/logger/miner.ts';

test.each<[string, string]>([
  ['order 4711 took 12ms, 3.5 MB', 'order <num> took <num>ms, <num> MB'],
  ['user_1234 over http2 in utf8', 'user_<num> over http2 in utf8'],
  ['id 0xdeadBEEF of 9f86d081884c7d65', 'id <hex> of <hex>'],
  ['job 123e4567-e89b-12d3-a456-426614174000 done', 'job <uuid> done'],
  ['connect ECONNREFUSED 10.0.0.7:5432', 'connect ECONNREFUSED <ip>'],
  ['connect ECONNREFUSED ::1:5432 from fe80:0:0:0:1:2:3:4', 'connect ECONNREFUSED ::<num> from <ip>'],
  [`no such key "a b" or 'c d', can't go on`, "no such key <text> or <text>, can't go on"],
  ['ENOENT: /var/lib/app/data.json missing', 'ENOENT: <path> missing'],
  ['mail to ann.lee@example.com bounced', 'mail to <email> bounced'],
  ['GET https://api.example.com/v1/orders?id=7 failed', 'GET <url> failed'],
  ['at 2026-11-24T17:00:00.123Z it ended', 'at <time> it ended'],
  ['feedface decade added', 'feedface decade added'],
  ['first line 1\nsecond line 2', 'first line <num>'],
  ['', ''],
])('%j is masked', (message, expected) => {
  expect(maskedTokens(message).join(' ')).toBe(expected);
});

const line = (message: string, more: { level?: Level; logger?: string; atMs?: number } = {}) => ({
  atMs: 1_000,
  level: 'info' as Level,
  logger: 'app',
  message,
  ...more,
});

test('ten thousand lines become about a dozen patterns', () => {
  const miner = createMiner();
  const shapes = [
    (i: number) => `order ${i} placed by user${i * 31} in ${i % 90} ms`,
    (i: number) => `GET /api/orders/${i} 200 ${i % 300}ms`,
    (i: number) => `cache miss for key "item-${i}"`,
    (i: number) => `worker ${i % 8} picked job ${(i * 7919).toString(16).padStart(12, '0')}a1`,
    (i: number) => `session of ann${i}@example.com expired`,
    (i: number) => `connected to 10.0.${i % 250}.7:5432`,
    (i: number) => `user ${['ann', 'bob', 'cleo', 'dan'][i % 4]} logged in from berlin`,
    (i: number) => `wrote /var/data/${i}.json in ${i % 10} parts`,
    () => 'heartbeat',
    (i: number) => `retrying in ${2 ** (i % 6)} s`,
  ];
  for (let i = 0; i < 10_000; i += 1) miner.add(line(shapes[i % shapes.length]?.(i) ?? '', { atMs: i }));
  const found = miner.patterns();
  expect(found.length).toBeLessThanOrEqual(14);
  expect(found.reduce((total, { count }) => total + count, 0)).toBe(10_000);
  expect(found.find(({ text }) => text === 'user <*> logged in from berlin')).toMatchObject({
    count: 1_000,
    firstSeenMs: 6,
    lastSeenMs: 9_996,
    example: 'user ann logged in from berlin',
  });
});

test.each<[string, readonly (readonly [string, Level, string])[], number]>([
  [
    'the same with other numbers',
    [
      ['took 5 ms', 'info', 'a'],
      ['took 7 ms', 'info', 'a'],
    ],
    1,
  ],
  [
    'another level',
    [
      ['took 5 ms', 'info', 'a'],
      ['took 7 ms', 'error', 'a'],
    ],
    2,
  ],
  [
    'another logger',
    [
      ['took 5 ms', 'info', 'a'],
      ['took 7 ms', 'info', 'b'],
    ],
    2,
  ],
  [
    'one word in common',
    [
      ['server started', 'info', 'a'],
      ['server stopped', 'info', 'a'],
    ],
    2,
  ],
  [
    'another number of words',
    [
      ['got a reply', 'info', 'a'],
      ['got a late reply', 'info', 'a'],
    ],
    2,
  ],
  [
    'half of the words',
    [
      ['load red of one', 'info', 'a'],
      ['load blue of two', 'info', 'a'],
    ],
    1,
  ],
])('%s: one pattern or two', (_, lines, expected) => {
  const miner = createMiner();
  for (const [message, level, logger] of lines) miner.add(line(message, { level, logger }));
  expect(miner.patterns()).toHaveLength(expected);
});

test('the pattern that was seen longest ago makes room', () => {
  const miner = createMiner({ patterns: 2, branches: 8, patternsOfLeaf: 8 });
  for (const message of ['alpha', 'beta', 'alpha', 'gamma']) miner.add(line(message));
  expect(miner.patterns().map(({ text }) => text)).toEqual(['alpha', 'gamma']);
  expect(miner.evicted).toBe(1);
});

test('it never exceeds its bounds, and loses no line of what it keeps', () => {
  const message = fc.oneof(
    fc.string({ maxLength: 700, unit: 'binary' }),
    fc
      .array(fc.constantFrom('a', 'b', 'c', '1', '<*>', '"q', '/x/y', '__proto__'), { maxLength: 60 })
      .map((words) => words.join(' ')),
  );
  const added = fc.record({
    message,
    level: fc.constantFrom<Level>('info', 'error'),
    logger: fc.constantFrom('a', 'b', 'constructor'),
  });
  fc.assert(
    fc.property(fc.array(added, { maxLength: 80 }), (lines) => {
      const miner = createMiner({ patterns: 12, branches: 3, patternsOfLeaf: 4 });
      for (const one of lines) {
        const id = miner.add(line(one.message, one));
        const found = miner.patterns();
        expect(found.length).toBeLessThanOrEqual(12);
        expect(found.at(-1)?.id).toBe(id);
      }
      const kept = miner.patterns();
      expect(kept.reduce((total, { count }) => total + count, 0)).toBeLessThanOrEqual(lines.length);
      if (miner.evicted === 0) expect(kept.reduce((total, { count }) => total + count, 0)).toBe(lines.length);
      for (const { text, example } of kept) {
        expect(text.split(/\s+/).length).toBeLessThanOrEqual(40);
        expect(example.length).toBeLessThanOrEqual(300);
      }
    }),
    { numRuns: 50 },
  );
});
