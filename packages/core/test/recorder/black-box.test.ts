import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type BlackBoxFile, openBlackBoxFile } from '../../src/recorder/black-box/file.ts';
import { givenLimitMb } from '../../src/recorder/black-box/heap.ts';
import { isGone, isOfThisHost, keyOf, ownIdentity } from '../../src/recorder/black-box/identity.ts';
import { readPressure } from '../../src/recorder/black-box/pressure.ts';
import type { LastWords, Life } from '../../src/recorder/black-box/record.ts';
import { suspectsOf } from '../../src/recorder/black-box/words.ts';
import type { Stall, VitalsSample } from '../../src/recorder/context.ts';

const own = ownIdentity();
const words: LastWords = { collections: { full: 0, fullMs: 0, minor: 0, minorMs: 0 }, pressure: {} };
const lifeOf = (pid: number, service = 'shop.js'): Life => ({ ...own, pid, service, startedAtMs: 1_000 });
const MINUTE = 60_000;

function newFile(): BlackBoxFile {
  const directory = mkdtempSync(join(tmpdir(), 'nodelens-black-box-'));
  const file = openBlackBoxFile({ directory, onMovedAside: (message) => expect.fail(message) });
  onTestFinished(() => {
    file.close();
    rmSync(directory, { recursive: true });
  });
  return file;
}

test('what was written of a life is read, and what is older than its last minutes is gone', () => {
  const file = newFile();
  const life = lifeOf(7);
  file.write(life, { atMs: 0, words });
  const stalls = Array.from({ length: 25 }, (_, i) => ({ id: `s${i}`, startedAtMs: i }) as Stall);
  for (let minute = 1; minute <= 8; minute++)
    file.write(life, { atMs: minute * MINUTE, words, vitals: { rssMb: minute } as VitalsSample, stalls });
  const record = file.read(keyOf(life));
  expect(record?.seenAtMs).toBe(8 * MINUTE);
  expect(record?.vitals.map(({ rssMb }) => rssMb)).toEqual([8, 7, 6, 5, 4, 3]);
  expect(record?.stalls).toHaveLength(20);
  expect(record?.stalls[0]?.id).toBe('s24');
});

test('a life that ended in order is not asked about; one whose recorder came back is again', () => {
  const file = newFile();
  const life = lifeOf(7);
  file.write(life, { atMs: 1, words });
  file.write(lifeOf(8, 'other.js'), { atMs: 1, words });
  expect(file.open('shop.js').map(({ key }) => key)).toEqual([keyOf(life)]);
  file.end(life, 2);
  expect(file.open('shop.js')).toEqual([]);
  file.write(life, { atMs: 3, words });
  expect(file.open('shop.js')).toMatchObject([{ seenAtMs: 3 }]);
});

test('ended lives, those that nobody came back for, and too many are dropped', () => {
  const file = newFile();
  const day = 24 * 60 * MINUTE;
  file.write(lifeOf(1), { atMs: 0, words });
  file.write(lifeOf(2), { atMs: 8 * day, words });
  file.end(lifeOf(2), 8 * day);
  for (let pid = 100; pid < 310; pid++) file.write(lifeOf(pid), { atMs: 8 * day + pid, words });
  file.tidy(8 * day);
  const left = file.open('shop.js').map(({ life }) => life.pid);
  expect(left).toHaveLength(200);
  expect(Math.min(...left)).toBe(110);
});

test('a process is gone when it has ended, even if its pid runs again', async () => {
  const child = spawn(process.execPath, ['--eval', 'setInterval(() => {}, 1_000)']);
  await once(child, 'spawn');
  const pid = child.pid ?? 0;
  expect(isGone(own, 0)).toBe(false);
  expect(isGone({ ...own, pid, startTicks: '1' }, 0)).toBe(true);
  expect(isGone({ ...own, pid, startTicks: '' }, 0)).toBe(false);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(isGone({ ...own, pid, startTicks: '' }, 0)).toBe(true);
});

test.for([
  ['of another boot', { bootId: 'other' }],
  ['in another container', { pidNamespace: 'other' }],
])('a process %s, where pids mean nothing here, is gone when it has been silent', ([, where]) => {
  const other = { ...own, ...(where as object) };
  expect(isGone(other, 5_000)).toBe(false);
  expect(isGone(other, 30_000)).toBe(true);
});

test('a life of another host is left to that host, unless it is a container of this one', () => {
  expect(isOfThisHost({ ...own, hostname: 'other' }, own)).toBe(own.bootId !== '');
  expect(isOfThisHost({ ...own, hostname: 'other', bootId: 'other' }, own)).toBe(false);
});

test.for<[string, Record<string, string>, object]>([
  [
    'cgroup v2',
    {
      '/proc/self/cgroup': '0::/app',
      '/sys/fs/cgroup/app/memory.events': 'low 0\nmax 9\noom 1\noom_kill 2\noom_group_kill 0\n',
      '/proc/vmstat': 'pgfault 5\noom_kill 7\n',
    },
    { group: '/app', groupKills: 2, machineKills: 7 },
  ],
  [
    'cgroup v1',
    {
      '/proc/self/cgroup': '5:cpu:/x\n4:memory:/app\n',
      '/sys/fs/cgroup/memory/app/memory.oom_control': 'oom_kill_disable 0\nunder_oom 0\noom_kill 3\n',
    },
    { group: '/app', groupKills: 3 },
  ],
  ['nothing', {}, {}],
])('the kernel has killed so many, by %s', ([, files, expected]) => {
  expect(readPressure((path) => files[path])).toEqual(expected);
});

test('the limit of the heap stands in the options; the last one counts', () => {
  expect(givenLimitMb(['--inspect --max-old-space-size=100', '--max_old_space_size', '64'])).toBe(64);
  expect(givenLimitMb(['--max-semi-space-size=16'])).toBeUndefined();
});

test('suspected is who main was mostly in, not who only called them', () => {
  const view = { fromMs: 0, toMs: 1, samples: 100, idleShare: 0.2, gcShare: 0 };
  const hot = { file: '/app/a.js', line: 3, selfShare: 0, totalShare: 0.5, callers: [] };
  const nodeCall = { name: 'pbkdf2Sync', file: 'node:crypto', samples: 12 };
  const handler = { ...hot, name: 'handler', samples: 50 };
  const functions = [
    handler,
    { ...hot, name: 'hash', nodeCall, samples: 40, callers: [handler] },
    { ...hot, name: 'render', samples: 5, callers: [handler] },
  ];
  const location = (name: string) => ({ name, file: '/app/a.js', line: 3 });
  expect(suspectsOf({ ...view, functions })).toEqual([
    { location: location('hash'), nodeCall: 'pbkdf2Sync (node:crypto)', samples: 40, ofSamples: 80 },
    { location: location('render'), samples: 5, ofSamples: 80 },
  ]);
});

test('after the clock was set back the newest is what was written last', () => {
  const file = newFile();
  const life = lifeOf(7);
  const stallsAt = (from: number) =>
    Array.from({ length: 20 }, (_, i) => ({ id: `${from + i}`, startedAtMs: from + i }) as Stall);
  const vitals = { rssMb: 1 } as VitalsSample;
  file.write(life, { atMs: 9 * MINUTE, words, vitals, stalls: stallsAt(8 * MINUTE) });
  file.write(life, { atMs: MINUTE, words, vitals: { ...vitals, rssMb: 2 }, stalls: stallsAt(1_000) });
  const record = file.read(keyOf(life));
  expect(record?.vitals.map(({ rssMb }) => rssMb)).toEqual([2]);
  expect(record?.stalls.map(({ startedAtMs }) => startedAtMs)).toEqual(
    stallsAt(1_000)
      .map(({ startedAtMs }) => startedAtMs)
      .toReversed(),
  );
});
