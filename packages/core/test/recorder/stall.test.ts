import { expect, test } from 'vitest';
import type { BlockKind, CodeLocation } from '../../src/recorder/context.ts';
import { blockKind, hadNoCore, starvedShare, type TaskReading } from '../../src/recorder/kernel/proc.ts';
import { newStall, viewStall } from '../../src/recorder/stalls/stall.ts';
import type { StallState } from '../../src/recorder/stalls/stall-state.ts';

const frame = (name: string): CodeLocation => ({ name, file: '/app/service.js', line: 1 });
const stall = (parts: Partial<StallState>): StallState => ({
  ...newStall('0000000000000001', { beatAt: 1_000, startedAt: 1_000, startedAtMs: 5_000 }),
  ...parts,
});
const profile = [{ frames: [frame('native caller')], count: 9 }];
const sampled = (names: readonly string[]): StallState['profile'] => [
  { frames: names.map(frame), count: 20 },
];

test.for<[string, Partial<StallState>, object]>([
  ['nothing seen yet', {}, { kind: 'unknown', evidence: 'none', stack: [] }],
  [
    'live stacks',
    { kinds: ['javascript'], live: [[frame('loop')]] },
    { kind: 'javascript', evidence: 'live-stack' },
  ],
  [
    'a live stack stands against what took a small part of it',
    { kinds: ['javascript'], live: [[frame('loop')]], profile },
    { evidence: 'live-stack', culprit: frame('loop') },
  ],
  [
    'the profile knows more after a native call',
    { kinds: ['native-cpu', 'native-cpu', 'javascript'], live: [[frame('after')]], profile },
    { kind: 'native-cpu', evidence: 'armed-profile', culprit: frame('native caller') },
  ],
  [
    'a late stack is better than nothing',
    { kinds: ['native-cpu'], late: [[frame('after')]] },
    { evidence: 'live-stack' },
  ],
  [
    'the profile is better than a late stack',
    { kinds: ['native-cpu'], late: [[frame('after')]], profile },
    { evidence: 'armed-profile', samples: 9, culpritSamples: 9 },
  ],
  [
    'a collector is not a lock',
    {
      kinds: ['lock'],
      profile: [{ frames: [{ name: '(garbage collector)', file: '', line: 1 }], count: 3 }],
    },
    { kind: 'garbage-collection', evidence: 'armed-profile' },
  ],
  [
    'several live stacks stand against a native call before them',
    {
      kinds: ['native-cpu', 'native-cpu', 'javascript', 'javascript'],
      live: [[frame('loop')], [frame('loop')]],
      late: [[frame('loop')]],
      silentMs: 200,
      endedAt: 1_500,
      profile,
    },
    { evidence: 'live-stack', culprit: frame('loop'), samples: 3, culpritSamples: 3 },
  ],
  [
    'a native call that took most of the time stands against the stacks behind it',
    {
      kinds: ['native-cpu', 'native-cpu', 'javascript', 'javascript'],
      live: [[frame('after')], [frame('after')]],
      silentMs: 400,
      endedAt: 1_500,
      profile,
    },
    { evidence: 'armed-profile', culprit: frame('native caller') },
  ],
  [
    'stacks from between native calls are no answer to a profile that saw within them',
    {
      kinds: ['native-cpu', 'javascript', 'javascript'],
      live: [[frame('copy'), frame('caller')], [frame('caller')]],
      late: [[frame('caller')]],
      endedAt: 1_500,
      profile: sampled(['copy', 'caller']),
    },
    { evidence: 'armed-profile', culprit: frame('copy') },
  ],
  [
    'one prompt look, at what came after the call that took the time',
    {
      kinds: ['javascript'],
      live: [[frame('after'), frame('caller')]],
      endedAt: 1_500,
      profile: sampled(['copy', 'caller']),
    },
    { evidence: 'armed-profile', culprit: frame('copy') },
  ],
  [
    'a loop whose time the profile books on its caller',
    {
      kinds: ['javascript'],
      live: [[frame('loop'), frame('caller')]],
      endedAt: 1_500,
      profile: sampled(['caller']),
    },
    { evidence: 'live-stack', culprit: frame('loop') },
  ],
  [
    'collections that took most of it',
    { kinds: ['lock'], live: [[frame('allocates')]], gcMs: 300 },
    { kind: 'garbage-collection', gcMs: 300, culprit: frame('allocates') },
  ],
  ['collections that took a part of it', { kinds: ['javascript'], gcMs: 100 }, { kind: 'javascript' }],
  [
    'the most frequent kind counts',
    { kinds: ['not-scheduled', 'native-io', 'native-io'] },
    { kind: 'native-io' },
  ],
])('evidence: %s', ([, parts, expected]) => {
  expect(viewStall(stall(parts), 1_500)).toMatchObject(expected);
});

test.for<[string, { readonly cpuMs: number; readonly lengthMs: number }, BlockKind]>([
  ['nearly nothing of a second', { cpuMs: 40, lengthMs: 1_000 }, 'not-scheduled'],
  ['what had piled up', { cpuMs: 150, lengthMs: 1_000 }, 'not-scheduled'],
  ['half of the time', { cpuMs: 150, lengthMs: 300 }, 'javascript'],
  ['a small part, but long in all', { cpuMs: 400, lengthMs: 4_000 }, 'javascript'],
  ['all of a short block', { cpuMs: 59, lengthMs: 61 }, 'javascript'],
])('main that answered and was given %s', ([, { cpuMs, lengthMs }, kind]) => {
  const from = reading('R', 1_000, 5_000);
  const to = { ...reading('R', 1_000 + lengthMs, 5_000 + cpuMs), queuedMs: lengthMs - cpuMs };
  const known = { kinds: [kind === 'not-scheduled' ? 'javascript' : kind], live: [[frame('loop')]] } as const;
  const during = stall({ ...known, schedule: { from, to: { ...to, queuedMs: 0 }, isRunnable: true } });
  const after = stall({ ...known, schedule: { from, to, isRunnable: false }, endedAt: 1_000 + lengthMs });
  for (const state of [during, after]) {
    const seen = viewStall(state, 1_000 + lengthMs);
    expect(seen).toMatchObject({ kind, starvedMs: lengthMs - cpuMs });
    expect(seen.culprit?.name).toBe(kind === 'not-scheduled' ? undefined : 'loop');
  }
});

test('a collection that waits for helpers without a core is the doing of the machine', () => {
  const from = reading('R', 1_000, 0);
  const to = { ...reading('S', 1_600, 20, 'futex_do_wait'), processCpuMs: 50 };
  const known = { kinds: ['lock'], gcMs: 560, endedAt: 1_600 } as const;
  expect(viewStall(stall({ ...known, schedule: { from, to, isRunnable: false } }), 1_600)).toMatchObject({
    kind: 'not-scheduled',
    starvedMs: 550,
  });
  const computing = { from, to: { ...to, processCpuMs: 900 }, isRunnable: false };
  expect(viewStall(stall({ ...known, schedule: computing }), 1_600)).toMatchObject({
    kind: 'garbage-collection',
    starvedMs: 0,
  });
});

test('a single look without a core does not make it the fault of the machine', () => {
  const schedule = { from: reading('R', 1_000, 0), to: reading('R', 1_500, 480), isRunnable: true };
  const state = stall({ kinds: ['javascript', 'not-scheduled'], live: [[frame('loop')]], schedule });
  expect(viewStall(state, 1_500)).toMatchObject({ kind: 'javascript', culprit: frame('loop') });
});

test('a wait counts as starved when it is over, or while nothing but waiting is possible', () => {
  const from = reading('S', 0, 10);
  expect(starvedShare(from, { ...reading('S', 100, 20), queuedMs: 30 }, false)).toBe(0.3);
  expect(starvedShare(from, reading('R', 100, 20), true)).toBe(0.9);
  expect(starvedShare(from, reading('S', 100, 20), false)).toBe(0);
  expect(starvedShare(from, from, true)).toBe(0);
});

test('the duration grows until the end', () => {
  expect(viewStall(stall({}), 1_500)).toMatchObject({ ongoing: true, durationMs: 500, startedAtMs: 5_000 });
  expect(viewStall(stall({ endedAt: 1_700 }), 9_000)).toMatchObject({ ongoing: false, durationMs: 700 });
});

test('looks at moments without a core do not outweigh the time that main had', () => {
  const schedule = { from: reading('R', 1_000, 0), to: reading('R', 1_400, 390), isRunnable: true };
  const kinds: readonly BlockKind[] = ['not-scheduled', 'not-scheduled'];
  const known = stall({ kinds, schedule, profile, endedAt: 1_400 });
  expect(viewStall(known, 1_400)).toMatchObject({ kind: 'unknown', culprit: frame('native caller') });
});

const reading = (state: string, at: number, cpuMs: number, wchan?: string): TaskReading => ({
  at,
  state,
  cpuMs,
  queuedMs: 0,
  processCpuMs: cpuMs,
  ...(wchan !== undefined && { wchan }),
});

test.for<[string, TaskReading | undefined, TaskReading | undefined, boolean, BlockKind]>([
  ['no /proc, answered', undefined, undefined, true, 'javascript'],
  ['no /proc, silent', undefined, undefined, false, 'unknown'],
  ['running, answered', undefined, reading('R', 50, 40), true, 'javascript'],
  ['in a lock, answered', undefined, reading('S', 50, 0, 'futex_do_wait'), true, 'lock'],
  ['computing, silent', reading('R', 0, 0), reading('R', 50, 48), false, 'native-cpu'],
  ['a part of a core, silent', reading('R', 0, 0), reading('R', 50, 10), false, 'native-cpu'],
  ['no core, silent', reading('R', 0, 0), reading('R', 50, 1), false, 'not-scheduled'],
  ['collecting with helpers', reading('R', 0, 0), reading('S', 50, 30, 'futex_do_wait'), false, 'native-cpu'],
  ['waiting for a pipe', reading('S', 0, 0), reading('S', 50, 0, 'wait_for_partner'), false, 'native-io'],
  ['waiting for the disk', reading('D', 0, 0), reading('D', 50, 0), false, 'native-io'],
  ['in a lock, silent', reading('S', 0, 0), reading('S', 50, 0, 'futex_do_wait'), false, 'lock'],
  ['stopped', reading('R', 0, 0), reading('T', 50, 0), false, 'not-scheduled'],
])('kind: %s', ([, before, after, answered, expected]) => {
  expect(blockKind(before, after, answered)).toBe(expected);
});

test.for([
  ['got no core for most of it', { queuedMs: 60, cpuMs: 5 }, true],
  ['waited for something else', { queuedMs: 5, cpuMs: 5 }, false],
  ['computed, too', { queuedMs: 60, cpuMs: 50 }, false],
] as const)('a thread that is late by 70 ms and %s: no core is %s', ([, { queuedMs, cpuMs }, expected]) => {
  const from = { at: 0, queuedMs: 100, cpuMs: 200, processCpuMs: 0 };
  const to = { at: 500, queuedMs: 100 + queuedMs, cpuMs: 200 + cpuMs, processCpuMs: 0 };
  expect(hadNoCore(from, to, 70)).toBe(expected);
  expect(hadNoCore(undefined, to, 70)).toBe(false);
});
