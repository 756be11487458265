import type { JsonObject, JsonValue } from '@nodelens/core';
import { expect, test, vi } from 'vitest';
import type { SkillHost } from '../../../core/src/skill-host.ts';
import { call, fakeMachine, hostOf, snapshotOf, V1, V2 } from './fake-machine.ts';

/** Snapshot, checks, scripts, conclusions: ids of what is concluded. */
async function concluded(host: SkillHost): Promise<readonly string[]> {
  const names = (await host.describe('system')).callbacks.map(({ name }) => name);
  const functions = names.map(
    (name) =>
      (...args: string[]) =>
        call(host, name, args),
  );
  const ids: string[] = [];
  for (const { checkId, investigate, finding } of await host.check('system', await snapshotOf(host), [])) {
    const evidence = await new AsyncFunction(...names, investigate)(...functions);
    if ((await host.conclude('system', checkId, evidence, finding)) !== null) ids.push(checkId);
  }
  return ids;
}

const AsyncFunction = (async () => undefined).constructor as new (
  ...parts: string[]
) => (...callbacks: unknown[]) => Promise<JsonValue>;

test('a container on cgroup v2 is told with the limits of the pod above it', async () => {
  const host = hostOf(fakeMachine(V2));
  expect(await snapshotOf(host)).toMatchObject({
    cpusMachine: 2,
    cpusAllowed: 2,
    cpuQuotaCpus: 0.5,
    cpusAvailable: 0.5,
    load1m: 1.5,
    cpuPressure10sPercent: 12.5,
    cgroupCpuPressure10sPercent: 40,
    memoryTotalMb: 8_192,
    memoryAvailableMb: 4_096,
    swapUsedMb: 512,
    memoryLimitMb: 512,
    memoryUsageMb: 400,
    memoryWorkingSetMb: 300,
    memoryUsedPercent: 58.6,
    oomScore: 666,
    unavailable: [],
  });
});

test('a container on cgroup v1 is told, though its path is another one on the host', async () => {
  expect(await snapshotOf(hostOf(fakeMachine(V1)))).toMatchObject({
    cpuQuotaCpus: 1.5,
    cpusAvailable: 1.5,
    memoryLimitMb: 1_024,
    memoryWorkingSetMb: 256,
    unavailable: ['cgroup pressure'],
  });
});

test.each([
  ['-1', '9223372036854771712'],
  ['-1', '17179869184'],
])('a quota of %s and a limit of %s bytes are none on a machine of 8 GB', async (quota, limit) => {
  const fake = fakeMachine(V1);
  fake.write({
    'sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us': `${quota}\n`,
    'sys/fs/cgroup/memory/memory.limit_in_bytes': `${limit}\n`,
  });
  const snapshot = await snapshotOf(hostOf(fake));
  expect(snapshot).toMatchObject({ cpusAvailable: 2, memoryWorkingSetMb: 256 });
  expect(snapshot.memoryLimitMb).toBeUndefined();
});

test('a machine without /proc names what cannot be seen, and tells the rest', async () => {
  const host = hostOf(fakeMachine({}));
  const snapshot = await vi.waitUntil(async () => {
    const taken = await snapshotOf(host);
    return taken.diskUsedPercent !== undefined && taken;
  });
  expect(snapshot).toMatchObject({
    memoryTotalMb: expect.any(Number),
    cpusAvailable: expect.any(Number),
    diskUsedPercent: 52.6,
    unavailable: ['/proc/stat', '/proc/self/schedstat', '/proc/pressure', 'cgroup'],
  });
  expect(await call(host, 'system_top_processes', [5, 'cpu'])).toMatchObject({ processes: [], total: 0 });
});

test('counters become rates, from what was stored before', async () => {
  const fake = fakeMachine(V2);
  const host = hostOf(fake);
  expect((await snapshotOf(host)).throttledPeriodsPercent).toBeUndefined();
  fake.advance(10_000);
  fake.write({
    'proc/stat': 'cpu  1600 0 600 8800 100 0 0 500 0 0\ncpu0 1 0 0 0\ncpu1 1 0 0 0\n',
    'proc/self/schedstat': '2000000000 2600000000 900\n',
    'sys/fs/cgroup/kubepods/pod1/cpu.stat':
      'usage_usec 6000000\nnr_periods 200\nnr_throttled 90\nthrottled_usec 4500000\n',
    'sys/fs/cgroup/kubepods/pod1/memory.events': 'oom 2\noom_kill 3\n',
  });
  expect(await snapshotOf(host)).toMatchObject({
    rateWindowSeconds: 10,
    machineBusyPercent: 35,
    stealPercent: 25,
    ownCpuPercent: 10,
    otherCpuPercent: 30,
    mainWaitPercent: 25,
    cgroupCpus: 0.5,
    throttledPeriodsPercent: 80,
    throttledMsPerSecond: 400,
    oomKills10m: 2,
  });
  expect(await concluded(host)).toEqual(['system.cpu_throttled', 'system.cpu_taken', 'system.memory_low']);
});

test('a counter that began anew tells no rate', async () => {
  const fake = fakeMachine(V2);
  const host = hostOf(fake);
  fake.advance(10_000);
  fake.write({ 'sys/fs/cgroup/kubepods/pod1/cpu.stat': 'nr_periods 5\nnr_throttled 5\nthrottled_usec 9\n' });
  const snapshot = await snapshotOf(host);
  expect(snapshot.throttledPeriodsPercent).toBeUndefined();
  expect(snapshot.throttledMsPerSecond).toBeUndefined();
});

test('memory that grows towards the limit is told with the minutes that are left', async () => {
  const fake = fakeMachine(V2);
  const host = hostOf(fake);
  for (let mb = 300; mb <= 420; mb += 10) {
    fake.advance(5_000);
    fake.write({ 'sys/fs/cgroup/kubepods/pod1/memory.current': `${(mb + 100) * 1_048_576}\n` });
    fake.pulse(5);
  }
  expect(await snapshotOf(host)).toMatchObject({
    memoryWorkingSetMb: 420,
    memoryMbPerMinute: 120,
    minutesUntilMemoryLimit: 0.8,
  });
  expect(await concluded(host)).toEqual(['system.memory_low']);
  const history = await call<readonly { memoryWorkingSetMb: number }[]>(host, 'system_history', [3]);
  expect(history.map(({ memoryWorkingSetMb }) => memoryWorkingSetMb)).toEqual([420, 410, 400]);
});

test('of a process that the kernel killed is told what it held, and only those of the container are looked at', async () => {
  const pod = 'sys/fs/cgroup/kubepods/pod1';
  const stat = (pid: number, pages: number): string =>
    `${pid} (node) S 42 ${Array.from({ length: 17 }, () => 0).join(' ')} ${pid} 0 ${pages}\n`;
  const fake = fakeMachine({
    ...V2,
    [`${pod}/cgroup.procs`]: '',
    [`${pod}/app/cgroup.procs`]: '70\n71\n',
    'proc/70/stat': stat(70, 5_000),
    'proc/71/stat': stat(71, 50_000),
    'proc/71/cmdline': 'node\0/srv/render.js\0',
    'proc/99/stat': stat(99, 90_000),
  });
  const host = hostOf(fake);
  expect(await call(host, 'system_memory')).toMatchObject({ killed: [] });
  const top = await call<{ processes: readonly JsonObject[] }>(host, 'system_top_processes', [
    5,
    'memory',
    'memory',
  ]);
  expect(top.processes.map(({ pid }) => pid)).toEqual([71, 70]);
  fake.write({ 'proc/71/stat': '', [`${pod}/memory.events`]: 'oom_kill 2\n' });
  expect(await call(host, 'system_memory')).toMatchObject({
    killed: [{ pid: 71, name: 'node render.js', rssMb: 195.31 }],
  });
});

test('a healthy container is silent', async () => {
  const fake = fakeMachine(V2);
  const host = hostOf(fake);
  fake.advance(10_000);
  fake.write({
    'proc/stat': 'cpu  1200 0 550 9700 100 0 0 0 0 0\ncpu0 1 0 0 0\ncpu1 1 0 0 0\n',
    'sys/fs/cgroup/kubepods/pod1/cpu.stat': 'nr_periods 200\nnr_throttled 15\nthrottled_usec 600000\n',
  });
  expect(await concluded(host)).toEqual([]);
});

test('a full disk is found, and which of the own folders are on it', async () => {
  const stat = { bsize: 4_096, blocks: 100_000, bfree: 4_000, bavail: 2_000, files: 1_000, ffree: 20 };
  const host = hostOf(fakeMachine(V2, stat));
  await vi.waitUntil(async () => (await snapshotOf(host)).diskUsedPercent !== undefined);
  expect(await call(host, 'system_disks')).toMatchObject([
    { path: '/', type: 'ext4', holds: ['cwd', 'tmp'], usedPercent: 98, inodesUsedPercent: 98 },
  ]);
  expect(await concluded(host)).toEqual(['system.disk_full']);
});

test.each([
  ['space', { bfree: 10, bavail: 10 }],
  ['inodes', { ffree: 0 }],
])('a disk without %s is told as such, and not as nearly full', async (ranOut, change) => {
  const stat = { bsize: 4_096, blocks: 9_000, bfree: 8_000, bavail: 8_000, files: 400, ffree: 300 };
  const host = hostOf(fakeMachine(V2, { ...stat, ...change }));
  expect(await vi.waitUntil(async () => (await snapshotOf(host)).diskRanOut)).toBe('/');
  expect(await call(host, 'system_disks')).toMatchObject([{ path: '/', ranOut }]);
  expect(await concluded(host)).toEqual(['system.disk_out_of_space']);
});

test('the pressure of machine and container is told apart', async () => {
  expect(await call(hostOf(fakeMachine(V2)), 'system_pressure')).toMatchObject({
    machine: { cpu: { some10sPercent: 12.5, full10sPercent: 0 }, io: { full10sPercent: 0.25 } },
    container: { cpu: { some10sPercent: 40 }, memory: null },
  });
});

test.for([
  ['has room is looked at every 15 s', 200, 2],
  ['is half full is looked at every 5 s', 300, 6],
] as const)('the container of a process at rest that %s', async ([, workingSetMb, readings]) => {
  const fake = fakeMachine(V2);
  fake.write({ 'sys/fs/cgroup/kubepods/pod1/memory.current': `${(workingSetMb + 100) * 1_048_576}\n` });
  const host = hostOf(fake);
  for (let second = 0; second < 30; second += 1) {
    fake.advance(1_000);
    fake.pulse(1, true);
  }
  expect(await call<readonly object[]>(host, 'system_history', [50])).toHaveLength(readings);
  // Rates are there, though the newest reading is older than their window.
  fake.advance(8_000);
  expect((await call(host, 'system_cpu', [5])).rateWindowSeconds).toBe(8);
});
