import { expect, test } from 'vitest';
import { childrenSince } from '../../src/runtime/waited-children.ts';

/** Fields of /proc/<pid>/stat: 10 ms of user and 50 ms of system time; begun so many ticks after boot. */
const statOf = (pid: number, startTicks: number): string =>
  `${pid} (MainThread) S 7 7 7 0 -1 0 0 0 0 0 1 5 0 0 20 0 7 0 ${startTicks} 1000 10`;

const FILES: { readonly [path: string]: string } = {
  'proc/uptime': '100.00 80.00',
  'proc/self/task/7/children': '31 32 33 ',
  'proc/31/stat': statOf(31, 2_000),
  'proc/31/cmdline': 'git\0fetch\0',
  'proc/32/stat': statOf(32, 9_700),
  'proc/32/cmdline': 'node\0/srv/tools/render.mjs\0--token=secret\0',
};
const reader = { text: (path: string) => FILES[path], names: () => [] };

test('the children that main has started since are told by their program; older ones and those that are gone are not', () => {
  expect(childrenSince(reader, { mainTid: 7, sinceMs: 3_100 })).toEqual([
    { pid: 32, name: 'node render.mjs', ageMs: 3_000, cpuMs: 60, state: 'S' },
  ]);
  expect(childrenSince(reader, { mainTid: 7, sinceMs: 900 })).toEqual([]);
});

test('another thread without children, or a system without /proc, has none', () => {
  expect(childrenSince(reader, { mainTid: 8, sinceMs: 3_100 })).toEqual([]);
  expect(childrenSince({ ...reader, text: () => undefined }, { mainTid: 7, sinceMs: 3_100 })).toEqual([]);
});
