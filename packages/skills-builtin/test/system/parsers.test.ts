import { expect, test } from 'vitest';
import { createClockWatch } from '../../src/system/clock-watch.ts';
import { diskPlaces, unseenFolders } from '../../src/system/disk-places.ts';
import { growthPerMinute, minutesUntil } from '../../src/system/growth.ts';
import { countCpuList, parseMounts, parseProcessStat } from '../../src/system/proc-text.ts';
import { processName } from '../../src/system/process-name.ts';
import { type FakeMachine, fakeMachine } from './fake-machine.ts';

test.each<[string | undefined, number | undefined]>([
  ['0-3,8\n', 5],
  ['2', 1],
  ['', undefined],
  [undefined, undefined],
])('the CPU list %j has %s CPUs', (list, count) => {
  expect(countCpuList(list)).toBe(count);
});

test('a process may have brackets and spaces in its name', () => {
  const rest =
    '1 5361 25828 0 -1 4194304 102 0 0 0 30 12 0 0 20 0 7 0 650402 3133440 361 18446744073709551615';
  expect(parseProcessStat(`5377 (a) b (c)) R ${rest}\n`)).toEqual({
    pid: 5377,
    comm: 'a) b (c)',
    state: 'R',
    parentPid: 1,
    cpuTicks: 42,
    threads: 7,
    startTicks: 650402,
    rssPages: 361,
  });
  expect(parseProcessStat(undefined)).toBeUndefined();
});

test.each([
  [
    '/usr/bin/node\0--max-old-space-size=200\0/srv/worker.mjs\0--token=abc\0',
    'MainThread',
    'node worker.mjs',
  ],
  ['node\0-e\0while (true) fetch("https://user:secret@host/a.js")\0', 'node', 'node'],
  ['postgres: writer process   ', 'postgres', 'postgres'],
  ['/usr/sbin/nginx\0-g\0daemon off;\0', 'nginx', 'nginx'],
  ['', 'kworker/0:1', 'kworker/0:1'],
])('%j is named without its secrets', (commandLine, comm, name) => {
  expect(processName(commandLine, comm)).toBe(name);
});

const MOUNTS = parseMounts(`22 1 252:1 / / rw,relatime - ext4 /dev/vda rw
23 22 0:22 / /proc rw - proc proc rw
24 22 0:30 / /dev/shm rw - tmpfs tmpfs rw
25 22 0:31 / /run/secrets rw - tmpfs tmpfs rw
26 22 252:1 /etc/hosts /etc/hosts rw - ext4 /dev/vda rw
27 22 252:9 / /mnt/my\\040data rw - xfs /dev/vdb rw
28 22 7:1 / /snap/core ro - ext4 /dev/loop1 ro
29 22 0:50 / /shared rw - nfs4 server:/ rw
30 22 0:60 / /srv/sessions rw - tmpfs tmpfs rw,size=65536k
`);

test('disks are those that are written to, each once', () => {
  const places = diskPlaces(MOUNTS, { cwd: '/srv/app', tmp: '/mnt/my data/tmp' });
  expect(places).toEqual([
    { path: '/', type: 'ext4', holds: ['cwd'] },
    { path: '/mnt/my data', type: 'xfs', holds: ['tmp'] },
    { path: '/dev/shm', type: 'tmpfs', holds: [] },
    { path: '/srv/sessions', type: 'tmpfs', holds: [] },
  ]);
});

test('a disk that the environment names is told by the variable', () => {
  const env = {
    SESSION_DIR: '/srv/sessions/web',
    PWD: '/srv/sessions',
    DATA: '/mnt/my data',
    OTHER: '/srv/sessions2',
  };
  const places = diskPlaces(MOUNTS, { cwd: '/srv/app', tmp: '/tmp', env });
  expect(places.map(({ path, holds }) => [path, holds])).toEqual([
    ['/', ['cwd', 'tmp']],
    ['/dev/shm', []],
    ['/mnt/my data', ['env DATA']],
    ['/srv/sessions', ['env SESSION_DIR']],
  ]);
});

test('a disk behind the network is not asked, and that is told', () => {
  const folders = { cwd: '/shared/app', tmp: '/tmp' };
  expect(diskPlaces(MOUNTS, folders).map(({ path }) => path)).not.toContain('/shared');
  expect(unseenFolders(MOUNTS, folders)).toEqual(['disk of cwd (nfs4)']);
});

test('growth is told from the middle of both ends, not from a peak', () => {
  const points = (values: readonly number[]) => values.map((value, i) => ({ atMs: i * 10_000, value }));
  expect(growthPerMinute(points([1, 2, 3, 4, 5, 6, 7, 8, 9]))).toBe(6);
  expect(growthPerMinute(points([5, 5, 5, 5, 5, 5, 5, 5, 90]))).toBe(0);
  expect(growthPerMinute(points([1, 2, 3]))).toBeUndefined();
  expect(minutesUntil(100, { value: 40, perMinute: 6 })).toBe(10);
  expect(minutesUntil(100, { value: 40, perMinute: 0.05 })).toBeUndefined();
});

test.each<[string, (machine: FakeMachine) => void, object[]]>([
  ['nothing', () => {}, []],
  ['a slow correction', ({ setClock }) => setClock(60), []],
  ['a step back', ({ setClock }) => setClock(-3_000), [{ stepMs: -3_000, kind: 'set' }]],
  ['a step ahead', ({ setClock }) => setClock(90_000), [{ stepMs: 90_000, kind: 'set' }]],
  ['a sleep', ({ sleep }) => sleep(60_000), [{ stepMs: 60_000, kind: 'suspended' }]],
  ['a late timer', ({ advance }) => advance(8_000), []],
])('the clock after %s', (_, happens, steps) => {
  const fake = fakeMachine({});
  const watch = createClockWatch(fake.machine.clocks);
  watch.look();
  fake.advance(1_000);
  happens(fake);
  watch.look();
  expect(watch.since(60_000)).toMatchObject(steps);
  expect(watch.since(60_000)).toHaveLength(steps.length);
});
