import type { JsonObject } from '@nodelens/core';
import { expect, test } from 'vitest';
import { eventLoopBlocked as check } from '../../src/runtime/check-blocked.ts';

const culprit = { name: 'evil', file: '/srv/app.mjs', line: 12 };

const stall = (parts: JsonObject = {}): JsonObject => ({
  durationMs: 400,
  ongoing: false,
  endedAgoMs: 10_000,
  kind: 'javascript',
  evidence: 'live-stack',
  samples: 4,
  culpritSamples: 4,
  gcMs: 0,
  starvedMs: 0,
  culprit,
  ...parts,
});

const { culprit: _, ...unnamed } = stall({
  kind: 'native-cpu',
  evidence: 'none',
  samples: 0,
  culpritSamples: 0,
});

const conclude = (stalls: readonly JsonObject[], current: JsonObject | null = null) =>
  check.conclude({ stall: current, stalls: current === null ? stalls : [current, ...stalls] }, {});

test.each<[string, JsonObject, boolean]>([
  ['nothing', { mainBlockedMs: 0, longestStall1mMs: 0, stalls1m: 0 }, false],
  ['short stalls', { mainBlockedMs: 0, longestStall1mMs: 90, stalls1m: 9 }, false],
  ['two of 150 ms', { mainBlockedMs: 0, longestStall1mMs: 150, stalls1m: 2 }, false],
  ['three of which one is 150 ms', { mainBlockedMs: 0, longestStall1mMs: 150, stalls1m: 3 }, true],
  ['one long stall', { mainBlockedMs: 0, longestStall1mMs: 200, stalls1m: 1 }, true],
  ['a stall that goes on', { mainBlockedMs: 201, longestStall1mMs: 0, stalls1m: 0 }, true],
  ['a snapshot without figures', {}, false],
])('%s: looked into or not', (_name, snapshot, isFound) => {
  expect(check.when(snapshot, []) !== undefined).toBe(isFound);
});

test.each<[string, readonly JsonObject[]]>([
  ['no stall', []],
  ['a machine that gave no CPU', [stall({ kind: 'not-scheduled' })]],
  ['time that the machine took', [stall({ durationMs: 900, starvedMs: 750 })]],
  ['a collection', [stall({ kind: 'garbage-collection' })]],
  ['a stall that was mostly garbage collection', [stall({ gcMs: 300 })]],
  ['two short ones', [stall({ durationMs: 120 }), stall({ durationMs: 130 })]],
  ['one of long ago', [stall({ endedAgoMs: 200_000 })]],
  ['an unnamed one of a while ago', [unnamed]],
])('%s is no finding', (_name, stalls) => {
  expect(conclude(stalls)).toBeUndefined();
});

test('a stall that goes on names the function, its line and how long', () => {
  expect(conclude([], stall({ durationMs: 4_200, ongoing: true, endedAgoMs: 0 }))).toMatchObject({
    severity: 'critical',
    context: 'The main thread has been blocked for 4,200 ms and still is.',
    observation: expect.stringContaining('evil (/srv/app.mjs:12) was on the stack in 4 of 4 samples'),
    subjects: [{ kind: 'function', ...culprit, value: 4_200, unit: 'ms' }],
  });
});

test('what goes on, or was waited for, is named before a longer one of before', () => {
  const before = stall({ durationMs: 118_000, startedAtMs: 1_000 });
  const hash = { name: 'hashPassword', file: '/srv/app.mjs', line: 40 };
  const now = stall({ durationMs: 4_000, startedAtMs: 121_000, endedAgoMs: 50, culprit: hash });
  const named = (evidence: JsonObject): unknown => check.conclude(evidence, {})?.subjects[0];
  expect(named({ stall: null, stalls: [now, before] })).toMatchObject({ name: 'evil' });
  expect(named({ stall: null, stalls: [now, before], awaitedAtMs: 121_000 })).toMatchObject(hash);
  const ongoing = { ...now, ongoing: true, endedAgoMs: 0 };
  expect(named({ stall: ongoing, stalls: [ongoing, before] })).toMatchObject(hash);
  // A short one is not worth the name of a long one.
  const short = { ...now, durationMs: 150 };
  expect(named({ stall: null, stalls: [short, before], awaitedAtMs: 121_000 })).toMatchObject({
    name: 'evil',
  });
});

test('a real block on a busy machine is named and judged by its own time', () => {
  expect(conclude([stall({ durationMs: 1_400, starvedMs: 900 })])).toMatchObject({
    severity: 'warning',
    context: expect.stringContaining('For 900 ms of that the machine gave it no CPU.'),
    subjects: [{ kind: 'function', name: 'evil' }],
  });
});

test('a machine that gives no CPU now does not hide the block that was before', () => {
  const now = { ...unnamed, kind: 'not-scheduled', ongoing: true, durationMs: 3_000, starvedMs: 2_990 };
  expect(conclude([stall()], now)?.subjects[0]?.name).toBe('evil');
  expect(conclude([], now)?.observation).toMatch(/given no CPU by the machine\.$/);
});

test('stalls of one function are counted together, and the costliest function is told', () => {
  const other = { name: 'mild', file: '/srv/app.mjs', line: 40 };
  const found = conclude([
    stall({ durationMs: 150 }),
    stall({ durationMs: 160 }),
    stall({ durationMs: 170 }),
    stall({ durationMs: 250, culprit: other }),
  ]);
  expect(found).toMatchObject({
    severity: 'warning',
    context: 'The main thread was blocked 3 times, for 480 ms in all and 170 ms at the longest.',
    subjects: [{ name: 'evil' }],
  });
});

test.each([
  ['native-cpu', 'inside a native CPU-bound call (task state R)'],
  ['native-io', 'inside a native call that waits for input or output (task state R)'],
  ['lock', 'waiting for a lock or for another thread (task state R)'],
  ['unknown', 'not turning its loop (task state R)'],
])('a %s block without a name is told by its kind, and looked at again', (kind, text) => {
  const found = conclude([], { ...unnamed, kind, ongoing: true, native: { state: 'R' } });
  expect(found?.observation).toContain(text);
  expect(found?.againAfterMs).toBeGreaterThan(0);
});

test.each<[string, JsonObject]>([
  ['that has passed without a name', { ongoing: false, endedAgoMs: 100 }],
  ['to which the machine gives no CPU', { ongoing: true, kind: 'not-scheduled' }],
])('a main %s is no more than a hint', (_name, parts) => {
  const block: JsonObject = { ...unnamed, durationMs: 3_000, ...parts };
  expect((block.ongoing ? conclude([], block) : conclude([block]))?.severity).toBe('info');
});

const child = { pid: 71, name: 'node render.mjs', ageMs: 4_150, cpuMs: 60, state: 'S' };
const waiting = { ...unnamed, kind: 'native-io', native: { state: 'S', syscall: '281' } };
const longWait = { ...waiting, ongoing: true, durationMs: 4_200, children: [child] };
const shortWait = { ...stall({ kind: 'native-io', durationMs: 90 }), children: [{ ...child, pid: 70 }] };
const spawnWait = stall({ durationMs: 70, call: 'child_process.execFileSync' });

test('a wait for a child process tells the child, and whose the earlier waits for such a child were', () => {
  const found = conclude([shortWait, spawnWait, stall({ call: 'crypto.pbkdf2Sync' })], longWait);
  expect(found?.observation).toContain(
    'Its child process node render.mjs (71) had run for 4,150 ms then and used 60 ms of CPU: it waits for something itself. 2 of 2 earlier blocks of this kind were in evil (/srv/app.mjs:12), and took 80 ms in the median.',
  );
  expect(found?.againAfterMs).toBeUndefined();
  expect(found).toMatchObject({
    severity: 'critical',
    hypothesis: expect.stringContaining('likely evil that waits synchronously for node render.mjs'),
    subjects: [
      { kind: 'function', name: 'evil' },
      { kind: 'process', name: 'node render.mjs' },
    ],
  });
});

test.each<[string, readonly JsonObject[]]>([
  ['there was one only', [shortWait]],
  ['they were of several functions', [shortWait, { ...shortWait, culprit: { ...culprit, name: 'other' } }]],
  [
    'they waited for other programs',
    [shortWait, shortWait].map((one) => ({ ...one, children: [{ ...child, name: 'git' }] })),
  ],
  ['they waited for no child', [stall({ kind: 'native-io' }), stall({ kind: 'native-io' })]],
])('a native call that goes on is not put down to earlier ones when %s', (_name, earlier) => {
  const found = conclude(earlier, longWait);
  expect(found?.subjects.map(({ name }) => name)).toEqual(['main thread', 'node render.mjs']);
  expect(found?.hypothesis).toBeUndefined();
});

const waits = (name: string, call: string, samples: number): JsonObject => ({
  ...{ name, file: '/srv/app.mjs', line: 12, samples: samples + 40 },
  nodeCall: { name: call, file: 'node:child_process', samples },
});

test.each<[string, readonly JsonObject[], string | undefined]>([
  ['all are of one function', [waits('evil', 'execFileSync', 7), waits('other', 'spawn', 90)], 'evil'],
  [
    'two functions make such calls',
    [waits('evil', 'execFileSync', 7), waits('other', 'execSync', 5)],
    undefined,
  ],
  ['there was one sample', [waits('evil', 'execFileSync', 1)], undefined],
  ['there was none', [], undefined],
])('whose waits for children the profile saw, where none was a block: %s', (_name, functions, name) => {
  const found = check.conclude({ stall: longWait, stalls: [longWait], hot: { functions } }, {});
  expect(found?.subjects[0]?.name).toBe(name ?? 'main thread');
  expect(found?.observation.includes('in 7 of 7 samples of such calls')).toBe(name !== undefined);
});

test('a wait without a child is put down to earlier ones in the same system call', () => {
  const read = { ...stall({ kind: 'native-io', durationMs: 60 }), native: { state: 'S', syscall: '0' } };
  const other = { ...read, native: { state: 'S', syscall: '7' }, culprit: { ...culprit, name: 'other' } };
  const now = { ...waiting, ongoing: true, durationMs: 900, native: { state: 'S', syscall: '0' } };
  expect(conclude([read, read, other], now)?.subjects[0]).toMatchObject({ kind: 'function', name: 'evil' });
  const computing = { ...now, kind: 'native-cpu' };
  const known = stall({ kind: 'native-cpu', durationMs: 60 });
  expect(conclude([known, known], computing)?.subjects[0]?.name).toBe('main thread');
});

test('of callbacks without end the one that always runs is told, not the one that a look met', () => {
  const callback = { name: 'drain', file: '/srv/queue.mjs', line: 3, seen: 7, of: 7 };
  const block = { ...stall({ ongoing: true, samples: 9 }), starvation: 'ticks', callback };
  const names = (samples: number) =>
    conclude([], { ...block, culpritSamples: samples })?.subjects.map(({ name }) => name);
  expect(names(1)).toEqual(['drain']);
  expect(names(8)).toEqual(['evil', 'drain']);
  expect(conclude([], { ...block, culpritSamples: 1 })?.observation).toMatch(
    /^The main thread was executing JavaScript\..*drain \(\/srv\/queue\.mjs:3\) was the callback in 7 of 7 looks/,
  );
});

test('a callback without end is named though no stack showed it, and is not looked at again', () => {
  const callback = { name: 'drain', file: '/srv/queue.mjs', line: 3, seen: 7, of: 7 };
  const block = { ...unnamed, kind: 'javascript', ongoing: true, starvation: 'microtasks', callback };
  const found = conclude([], block);
  expect(found?.subjects.map(({ name }) => name)).toEqual(['drain']);
  expect(found?.againAfterMs).toBeUndefined();
  expect(found?.observation).toMatch(/^The main thread was executing JavaScript\./);
});

const hot = {
  functions: [
    { name: 'handle', file: '/srv/main.mjs', line: 2, totalShare: 0.9, callers: [] },
    { ...culprit, totalShare: 0.8, callers: [{ name: 'handle', file: '/srv/main.mjs', line: 2 }] },
    { name: 'copy', file: '/srv/plain.mjs', line: 4, totalShare: 0.7, callers: [culprit] },
    { name: 'total', file: '/srv/sum.mjs', line: 9, totalShare: 0.1, callers: [culprit] },
  ],
};
const late = stall({ kind: 'native-cpu', evidence: 'live-stack' });

test.each<[string, JsonObject, JsonObject | null, string]>([
  ['are told by the profile what was beneath it', late, hot, 'copy'],
  ['stand without a profile', late, null, 'evil'],
  ['stand where the profile does not know it', late, { functions: hot.functions.slice(2) }, 'evil'],
  ['stand where most of it was its own', late, { functions: hot.functions.toSpliced(2, 1) }, 'evil'],
  ['stand where they were taken in JavaScript', stall(), hot, 'evil'],
])('stacks taken after native calls %s', (_name, block, profile, name) => {
  const found = check.conclude({ stall: null, stalls: [block], hot: profile }, {});
  expect(found?.subjects[0]).toMatchObject({ kind: 'function', name });
});

test.each([
  ['in an even rhythm', [0, 6_010, 12_000, 17_995], ' Timers ran it, every 6 s;'],
  ['as it comes', [0, 900, 12_000], ' Timers ran it; those'],
  ['for a moment', [0, 120, 240], ' Timers ran it; those'],
])('blocks that timers begin %s are told so', (_name, starts, text) => {
  const timed = starts.map((startedAtMs) => stall({ startedAtMs, origin: 'timer' }));
  expect(conclude(timed)?.observation).toContain(text);
  const [first = stall(), ...others] = timed;
  const mixed = [first, ...others.map((one) => ({ ...one, origin: 'request' }))];
  expect(conclude(mixed)?.observation).not.toContain('Timers');
});

test("the function of Node's that the blocks were in is told", () => {
  const found = conclude([stall({ call: 'crypto.pbkdf2Sync' }), stall()], null);
  expect(found?.observation).not.toContain('pbkdf2Sync');
  expect(conclude([stall({ call: 'crypto.pbkdf2Sync' })])?.observation).toContain(
    '4 of 4 samples of the block, in crypto.pbkdf2Sync;',
  );
});

test('a native call that has just returned is looked at again until its name is there', () => {
  expect(conclude([{ ...unnamed, endedAgoMs: 100 }])?.againAfterMs).toBeGreaterThan(0);
  const named = conclude([stall({ kind: 'native-cpu', evidence: 'armed-profile', endedAgoMs: 100 })]);
  expect(named?.againAfterMs).toBeUndefined();
  expect(named?.subjects[0]).toMatchObject({ kind: 'function', name: 'evil' });
});

test.each([null, 'text', 7, [], { stalls: 'no list' }, { stalls: [null, 3] }])(
  'evidence that is no evidence (%j) is no finding',
  (evidence) => {
    expect(check.conclude(evidence as never, {})).toBeUndefined();
  },
);
