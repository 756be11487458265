import type { JsonObject } from '@nodelens/core';
import { expect, test } from 'vitest';
import { clockStep } from '../../src/system/check-clock.ts';
import { diskFull } from '../../src/system/check-disk.ts';
import { memoryLow } from '../../src/system/check-memory.ts';
import { diskOutOfSpace } from '../../src/system/check-out-of-space.ts';
import { cpuTaken } from '../../src/system/check-taken.ts';
import { cpuThrottled } from '../../src/system/check-throttled.ts';

const process = (name: string, cpuPercent: number, relation = 'other') => ({
  name,
  pid: 77,
  cpuPercent,
  rssMb: 300,
  relation,
});

test.each<[number, number, string | undefined]>([
  [24, 300, undefined],
  [40, 5, undefined],
  [40, 300, 'warning'],
  [80, 300, 'critical'],
])('throttled in %i %% of the periods, for %i ms per second: %s', (percent, throttledMs, severity) => {
  const snapshot = { throttledPeriodsPercent: percent, throttledMsPerSecond: throttledMs };
  const finding = cpuThrottled.when(snapshot, []);
  const found = finding && cpuThrottled.conclude({ cpu: { ...snapshot, cpuQuotaCpus: 0.5 } }, finding);
  expect(found?.severity).toBe(severity);
});

test('who uses the CPU of a throttled container is named', () => {
  const cpu = { cpuQuotaCpus: 0.5, cgroupCpus: 0.49, throttledMsPerSecond: 400 };
  const top = { processes: [process('node server.js', 35, 'self'), process('nginx', 14)] };
  const found = cpuThrottled.conclude({ cpu, top }, { throttledPeriodsPercent: 80 });
  expect(found?.observation).toBe(
    'The kernel stopped the container in 80 % of its scheduling periods, for 400 ms per second; node server.js (process 77, this process) used 35 % of a core.',
  );
  expect(found?.subjects).toMatchObject([
    { kind: 'resource', name: 'CPU limit of the container', value: 0.5 },
    { kind: 'process', name: 'node server.js', value: 35 },
  ]);
});

const crowd = { stealPercent: 0, mainWaitPercent: 30, otherCpuPercent: 80, throttledPeriodsPercent: 0 };

test.each<[string, JsonObject, string | undefined]>([
  ['others take the machine', crowd, 'warning'],
  ['main hardly waits', { ...crowd, mainWaitPercent: 5 }, undefined],
  ['main waits most of the time', { ...crowd, mainWaitPercent: 60 }, 'critical'],
  ['the process itself fills it', { ...crowd, otherCpuPercent: 10 }, undefined],
  ['the quota makes it wait', { ...crowd, throttledPeriodsPercent: 60 }, undefined],
  ['a little is stolen', { stealPercent: 4 }, undefined],
  ['much is stolen', { stealPercent: 15 }, 'warning'],
  ['most is stolen', { stealPercent: 45 }, 'critical'],
  ['nothing is known', {}, undefined],
])('%s: the CPU is taken or not', (_, cpu, severity) => {
  const finding = cpuTaken.when(cpu, []);
  const found = finding && cpuTaken.conclude({ cpu, top: {} }, finding);
  expect(found?.severity).toBe(severity);
});

test('the neighbours that take the CPU are named, the process itself is not', () => {
  const top = {
    processes: [process('ffmpeg', 150), process('node server.js', 60, 'self'), process('tar', 40)],
  };
  expect(cpuTaken.conclude({ cpu: crowd, top }, {})).toMatchObject({
    observation: 'ffmpeg (process 77) used 150 % of a core, and 1 other program 30 % or more.',
    subjects: [{ kind: 'process', name: 'ffmpeg', value: 150 }, { name: 'tar' }],
  });
});

test('processes of one name count together', () => {
  const top = { processes: [process('tar', 31), process('cc1', 28), process('cc1', 27)] };
  expect(cpuTaken.conclude({ cpu: crowd, top }, {})).toMatchObject({
    observation:
      '2 processes cc1 (the busiest is 77) used 55 % of a core together, and 1 other program 30 % or more.',
    subjects: [{ name: 'cc1', value: 55 }, { name: 'tar' }],
  });
});

test('what has passed since the snapshot is no finding', () => {
  expect(cpuTaken.conclude({ cpu: { ...crowd, mainWaitPercent: 3 }, top: {} }, {})).toBeUndefined();
});

test.each<[string, JsonObject, string | undefined]>([
  ['far from the limit', { memoryUsedPercent: 60 }, undefined],
  ['near it', { memoryUsedPercent: 92 }, 'warning'],
  ['at it', { memoryUsedPercent: 97 }, 'critical'],
  ['on the way to it', { memoryUsedPercent: 75, minutesUntilMemoryLimit: 6 }, 'warning'],
  ['on a long way to it', { memoryUsedPercent: 75, minutesUntilMemoryLimit: 200 }, undefined],
  ['young and growing', { memoryUsedPercent: 30, minutesUntilMemoryLimit: 6 }, undefined],
  ['after a kill', { memoryUsedPercent: 40, oomKills10m: 1 }, 'critical'],
  ['on a machine with room', { memoryAvailablePercent: 30 }, undefined],
  ['on a machine with little left', { memoryAvailablePercent: 4 }, 'warning'],
  ['on a machine with nothing left', { memoryAvailablePercent: 1 }, 'critical'],
  ['unknown', {}, undefined],
])('memory %s: low or not', (_, memory, severity) => {
  const finding = memoryLow.when(memory, []);
  const found = finding && memoryLow.conclude({ memory, top: {} }, finding);
  expect(found?.severity).toBe(severity);
});

test('who holds the memory is named, with the forecast apart from the facts', () => {
  const memory = {
    memoryUsedPercent: 80,
    memoryWorkingSetMb: 410,
    memoryLimitMb: 512,
    memoryMbPerMinute: 20,
    minutesUntilMemoryLimit: 5.1,
  };
  expect(memoryLow.conclude({ memory, top: { processes: [process('chrome', 0)] } }, {})).toMatchObject({
    context: 'The container uses 410 MB of at most 512 MB (80 %).',
    observation: 'chrome (process 77) holds 300 MB. The working set grew by 20 MB per minute.',
    hypothesis: expect.stringContaining('in 5.1 minutes'),
    subjects: [{ name: 'memory limit of the container' }, { kind: 'process', name: 'chrome', value: 300 }],
  });
});

test('who was killed for want of memory is named by what it held before', () => {
  const memory = {
    memoryUsedPercent: 40,
    oomKills10m: 1,
    killed: [{ name: 'node render.js', pid: 8, rssMb: 700, atMs: 5 }],
  };
  const found = memoryLow.conclude(
    { memory, top: { processes: [process('node server.js', 0, 'self')] } },
    {},
  );
  expect(found?.observation).toContain('node render.js (process 8) held 700 MB shortly before');
  expect(found?.subjects).toMatchObject([{ kind: 'resource' }, { kind: 'process', name: 'node render.js' }]);
});

const disk = { path: '/', holds: ['cwd'], usedPercent: 50, availableMb: 5_000, inodesUsedPercent: 10 };

test.each<[string, JsonObject, string | undefined]>([
  ['half full', {}, undefined],
  ['nearly full', { usedPercent: 93 }, 'warning'],
  ['full', { usedPercent: 99, availableMb: 100 }, 'critical'],
  ['large, with a tenth left', { usedPercent: 92, availableMb: 400_000 }, 'info'],
  ['without inodes', { inodesUsedPercent: 99 }, 'critical'],
  ['filling fast', { usedPercent: 85, minutesUntilFull: 10 }, 'warning'],
  ['filling slowly', { usedPercent: 85, minutesUntilFull: 900 }, undefined],
])('a disk that is %s', (_, change, severity) => {
  const one = { ...disk, ...change };
  const finding = diskFull.when(
    {
      diskUsedPercent: one.usedPercent,
      inodesUsedPercent: one.inodesUsedPercent,
      minutesUntilDiskFull: change.minutesUntilFull,
    },
    [],
  );
  const found = finding && diskFull.conclude([one], finding);
  expect(found?.severity).toBe(severity);
});

test('of several full disks the one that the process uses comes first', () => {
  const found = diskFull.conclude(
    [
      { ...disk, path: '/data', holds: [], usedPercent: 99 },
      { ...disk, usedPercent: 95 },
    ],
    {},
  );
  expect(found?.subjects.map(({ name }) => name)).toEqual(['disk /', 'disk /data']);
  expect(found?.observation).toContain('/ (holds cwd) is used to 95 %; 5,000 MB are left');
});

test.each<[string, JsonObject, string | undefined]>([
  ['that the process uses', { ranOut: 'space', holds: ['env UPLOADS'] }, 'critical'],
  ['of somebody', { ranOut: 'inodes', holds: [] }, 'warning'],
  ['with a little left', { ranOut: null }, undefined],
])('a disk out of space %s', (_, change, severity) => {
  const found = diskOutOfSpace.conclude([{ ...disk, path: '/data', type: 'ext4', ...change }], {});
  expect(found?.severity).toBe(severity);
  if (found !== undefined) expect(found.subjects).toMatchObject([{ kind: 'resource', name: 'disk /data' }]);
});

test.each<[number, string, string | undefined]>([
  [200, 'set', undefined],
  [2_000, 'set', 'info'],
  [-2_000, 'set', 'warning'],
  [120_000, 'suspended', 'warning'],
])('a step of %i ms (%s)', (stepMs, kind, severity) => {
  const finding = clockStep.when({ clockLargestStep10mMs: stepMs }, []);
  const found = finding && clockStep.conclude([{ atMs: 1_800_000_000_000, stepMs, kind }], finding);
  expect(found?.severity).toBe(severity);
});
