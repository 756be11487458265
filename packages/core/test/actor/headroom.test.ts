// What is left before the kernel kills: the tightest of the cgroups and the machine, cached files not counted as used.
import { expect, test } from 'vitest';
import { readHeadroomMb } from '../../src/actor/limits/headroom.ts';

const MB = 1_048_576;
const machine = {
  '/proc/meminfo': 'MemTotal: 8388608 kB\nMemAvailable:    2097152 kB\nSwapFree:  1048576 kB\n',
};

const headroomOf = (files: { readonly [path: string]: string }): number =>
  readHeadroomMb((path) => files[path]);

const v2 = (folder: string, limit: string, usedMb: number, stat = ''): { [path: string]: string } => ({
  [`${folder}/memory.max`]: `${limit}\n`,
  [`${folder}/memory.current`]: `${usedMb * MB}\n`,
  [`${folder}/memory.stat`]: stat,
});

test.each([
  ['nothing tells', {}, Number.POSITIVE_INFINITY],
  ['no limit but the machine, which may swap', machine, 3_072],
  [
    'a container of version 2 that sees its own mount only',
    { ...machine, '/proc/self/cgroup': '0::/\n', ...v2('/sys/fs/cgroup', `${256 * MB}`, 200) },
    56,
  ],
  [
    'a limit of the group above',
    {
      '/proc/self/cgroup': '0::/pod/app\n',
      ...v2('/sys/fs/cgroup/pod/app', 'max', 100),
      ...v2('/sys/fs/cgroup/pod', `${300 * MB}`, 250),
    },
    50,
  ],
  [
    'a cache full of files that nobody has mapped',
    {
      '/proc/self/cgroup': '0::/\n',
      ...v2(
        '/sys/fs/cgroup',
        `${256 * MB}`,
        256,
        `anon ${100 * MB}\nfile_mapped ${40 * MB}\ninactive_file ${56 * MB}\nactive_file ${100 * MB}\n`,
      ),
    },
    116,
  ],
  [
    'version 1, whose limit counts what is below as well',
    {
      ...machine,
      '/proc/self/cgroup': '5:devices:/a\n4:memory:/docker/abc\n0::/\n',
      '/sys/fs/cgroup/memory/memory.limit_in_bytes': `${512 * MB}\n`,
      '/sys/fs/cgroup/memory/memory.usage_in_bytes': `${500 * MB}\n`,
      '/sys/fs/cgroup/memory/memory.stat': `inactive_file 0\ntotal_inactive_file ${20 * MB}\ntotal_mapped_file 0\n`,
    },
    32,
  ],
  [
    'version 1 without a limit',
    {
      ...machine,
      '/proc/self/cgroup': '4:memory:/\n',
      '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
      '/sys/fs/cgroup/memory/memory.usage_in_bytes': '1000\n',
    },
    3_072,
  ],
  [
    'more used than the limit grants',
    { '/proc/self/cgroup': '0::/\n', ...v2('/sys/fs/cgroup', `${100 * MB}`, 120) },
    0,
  ],
])('%s', (_, files, mb) => {
  expect(headroomOf(files)).toBe(mb);
});

test('on this machine something is left', () => {
  expect(readHeadroomMb()).toBeGreaterThan(0);
});
