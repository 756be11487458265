import { expect, test } from 'vitest';
import type { Notification } from '../../src/operator/notification.ts';
import type { LastWords, LifeRecord } from '../../src/recorder/black-box/record.ts';
import { type VerdictInput, verdictOn } from '../../src/recorder/black-box/verdict.ts';
import type { BlockKind, Stall, VitalsSample } from '../../src/recorder/context.ts';

const SEEN_AT = Date.UTC(2026, 0, 1, 12);

const sample = (secondsBefore: number, memory: Partial<VitalsSample> = {}): VitalsSample => ({
  atMs: SEEN_AT - secondsBefore * 1_000,
  rssMb: 120,
  heapUsedMb: 50,
  heapTotalMb: 70,
  externalMb: 5,
  arrayBuffersMb: 1,
  eventLoopUtilization: 0.3,
  eventLoopDelayP50Ms: 1,
  eventLoopDelayP99Ms: 3,
  eventLoopDelayMaxMs: 5,
  mainCpuPercent: 20,
  processCpuPercent: 30,
  ...memory,
});

const stall = (kind: BlockKind, durationMs: number, culprit?: Stall['culprit']): Stall => ({
  id: '00000000000000aa',
  startedAtMs: SEEN_AT - durationMs,
  durationMs,
  ongoing: true,
  kind,
  starvedMs: 0,
  gcMs: 0,
  stack: culprit ? [culprit] : [],
  ...(culprit && { culprit }),
  evidence: culprit ? 'live-stack' : 'none',
  samples: culprit ? 20 : 0,
  culpritSamples: culprit ? 19 : 0,
});

const calm = { full: 0, fullMs: 0, minor: 12, minorMs: 20 };
const roomy = { leftMb: 900, group: '/app', groupKills: 1, machineKills: 4 };

function lifeOf(
  words: Partial<LastWords>,
  vitals: readonly VitalsSample[] = [sample(1), sample(200)],
): LifeRecord {
  return {
    key: 'a life',
    life: {
      hostname: 'shop-1',
      bootId: 'boot',
      pidNamespace: 'ns',
      pid: 7,
      startTicks: '99',
      service: '/app/server.js',
      startedAtMs: SEEN_AT - 3_600_000,
    },
    seenAtMs: SEEN_AT,
    words: { collections: calm, pressure: roomy, heapLimitMb: 500, ...words },
    vitals,
    stalls: [],
  };
}

const judged = (record: LifeRecord, more: Partial<VerdictInput> = {}) =>
  verdictOn({ record, pressure: roomy, isSameBoot: true, notifications: [], ...more });

const price = { name: 'priceCart', file: '/app/cart.js', line: 12 };
const collecting = { full: 9, fullMs: 6_000, minor: 2, minorMs: 5 };
const grown = [sample(1, { heapUsedMb: 460, rssMb: 560 }), sample(200)];
const swollen = [sample(1, { externalMb: 800, rssMb: 950 }), sample(200)];

test.for<[string, LifeRecord, Partial<VerdictInput>, string, string | undefined]>([
  ['was well', lifeOf({}), {}, 'killed', undefined],
  ['hung for a moment only', lifeOf({ stall: stall('javascript', 400, price) }), {}, 'killed', undefined],
  ['hung in JavaScript', lifeOf({ stall: stall('javascript', 19_000, price) }), {}, 'blocked', 'priceCart'],
  ['hung in a native call', lifeOf({ stall: stall('native-cpu', 19_000) }), {}, 'blocked', 'main'],
  ['got no core', lifeOf({ stall: stall('not-scheduled', 19_000) }), {}, 'blocked', 'main'],
  ['filled its heap', lifeOf({ collections: collecting }, grown), {}, 'heap-limit', 'heap'],
  ['has a large heap that V8 copes with', lifeOf({}, grown), {}, 'killed', undefined],
  [
    'collected all the time, though its heap was not full',
    lifeOf({ collections: { ...collecting, full: 65, fullMs: 670 } }, [sample(1, { heapUsedMb: 365 })]),
    {},
    'heap-limit',
    'heap',
  ],
  [
    'grew too fast for its last vitals',
    lifeOf({ collections: collecting }, [sample(1, { heapUsedMb: 330 }), sample(2, { heapUsedMb: 240 })]),
    {},
    'heap-limit',
    'heap',
  ],
  [
    'filled its heap within one turn',
    lifeOf({ stall: stall('javascript', 4_000, price), heapUsedMb: 420, heapGrowthMb: 45 }),
    {},
    'heap-limit',
    'heap',
  ],
  [
    'hung with a large heap that grew slowly',
    lifeOf({ stall: stall('javascript', 4_000, price), heapUsedMb: 440, heapGrowthMb: 2 }),
    {},
    'blocked',
    'priceCart',
  ],
  [
    'had no memory left',
    lifeOf({ pressure: { leftMb: 9 } }, swollen),
    {},
    'out-of-memory',
    'external memory',
  ],
  [
    'was killed by the kernel, which counted it',
    lifeOf({}, swollen),
    { pressure: { ...roomy, groupKills: 2 } },
    'out-of-memory',
    'external memory',
  ],
  ['moved to another group', lifeOf({}), { pressure: { group: '/b', groupKills: 3 } }, 'killed', undefined],
  [
    'died with its machine',
    lifeOf({}),
    { isSameBoot: false, pressure: { ...roomy, groupKills: 9 } },
    'killed',
    undefined,
  ],
  [
    'had room when the kernel killed another',
    lifeOf({}),
    { pressure: { ...roomy, machineKills: 5 } },
    'killed',
    undefined,
  ],
])('a process that %s', ([, record, more, end, subject]) => {
  const told = judged(record, more);
  expect(told.end).toBe(end);
  expect(told.subjects[0]?.name).toBe(subject);
});

test('a culprit is told with its place, and with how long main had been stuck', () => {
  const { summary, subjects } = judged(lifeOf({ stall: stall('javascript', 19_400, price) }));
  expect(summary).toContain('19.4 s');
  expect(summary).toContain('priceCart (/app/cart.js:12)');
  expect(subjects).toEqual([{ kind: 'function', ...price, value: 19_400, unit: 'ms' }]);
});

test('who called before is a hint about a native call, and no subject', () => {
  const suspect = { location: price, nodeCall: 'pbkdf2Sync (node:crypto)', samples: 30, ofSamples: 80 };
  const { summary, subjects } = judged(lifeOf({ stall: stall('native-cpu', 8_000), suspects: [suspect] }));
  expect(summary).toContain('is not known');
  expect(summary).toContain(
    'priceCart (/app/cart.js:12), which called pbkdf2Sync (node:crypto), in 30 of 80',
  );
  expect(subjects).toEqual([{ kind: 'process', name: 'main', value: 8_000, unit: 'ms' }]);
});

test('who only computed before is no hint about a call that waits', () => {
  const suspects = [{ location: price, samples: 30, ofSamples: 80 }];
  const summaryOf = (kind: BlockKind) => judged(lifeOf({ stall: stall(kind, 8_000), suspects })).summary;
  expect(summaryOf('native-cpu')).toContain('priceCart');
  expect(summaryOf('native-io')).not.toContain('priceCart');
});

test('who was seen once before a native call that has not returned is not blamed for it', () => {
  const before = { ...stall('native-cpu', 8_000, price), samples: 2, culpritSamples: 1 };
  expect(judged(lifeOf({ stall: before })).subjects[0]?.name).toBe('main');
  const between = { ...before, samples: 18, culpritSamples: 17 };
  expect(judged(lifeOf({ stall: between })).subjects[0]?.name).toBe('priceCart');
});

const told = (type: string, minutesBefore: number): Notification => ({
  id: '00000000000000bb',
  investigationId: '00000000000000cc',
  operator: 'any',
  type,
  severity: 'warning',
  context: 'c',
  observation: `what ${type} saw`,
  subjects: [{ kind: 'collection', name: 'sessions', file: '/app/sessions.js', line: 4 }],
  snapshots: [],
  detectedAt: new Date(SEEN_AT - minutesBefore * 60_000).toISOString(),
  process: { hostname: 'shop-1', pid: 7 },
});

test('what was told of growth shortly before names the collection', () => {
  const notifications = [told('http.slow_route', 1), told('gc.churn', 2), told('collections.growth', 3)];
  const { summary, subjects } = judged(lifeOf({ collections: collecting }, grown), { notifications });
  expect(summary).toContain('Told before (collections.growth): what collections.growth saw');
  expect(subjects.map(({ name }) => name)).toEqual(['heap', 'sessions']);
});

test('what was told long before, or of something else, explains nothing', () => {
  const notifications = [told('http.slow_route', 1), told('collections.growth', 90)];
  const { summary } = judged(lifeOf({ collections: collecting }, grown), { notifications });
  expect(summary).not.toContain('Told before');
});
