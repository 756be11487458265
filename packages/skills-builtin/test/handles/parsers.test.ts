import { expect, test } from 'vitest';
import { ownSockets, peerFigures } from '../../src/handles/connections.ts';
import { countPatterns, descriptorOf, isOfPattern, pathPattern } from '../../src/handles/descriptors.ts';
import { type Point, slopePerMinute, steadyGrowth } from '../../src/handles/growth.ts';
import { createProcReader } from '../../src/handles/proc-reader.ts';
import { parseTcp, parseUnix } from '../../src/handles/tcp-table.ts';

test.each([
  ['/srv/data.csv', 'file', '/srv/data.csv', false],
  ['/var/log/app.log (deleted)', 'file', '/var/log/app.log', true],
  ['socket:[4711]', 'socket', 'socket:[4711]', false],
  ['pipe:[12]', 'pipe', 'pipe:[12]', false],
  ['anon_inode:[eventpoll]', 'other', 'anon_inode:[eventpoll]', false],
  ['/dev/null', 'device', '/dev/null', false],
  ['/dev/shm/x', 'file', '/dev/shm/x', false],
  ['/proc/self/stat', 'other', '/proc/self/stat', false],
  ['', 'other', '', false],
])('the link %s is of kind %s', (link, kind, target, isDeleted) => {
  expect(descriptorOf(3, link)).toMatchObject({ fd: 3, kind, target, isDeleted });
});

test.each([
  ['/tmp/upload-1234.part', '/tmp/upload-*.part'],
  ['/tmp/0f8b2a44-1c2d-4e5f-8a9b-0c1d2e3f4a5b.json', '/tmp/*.json'],
  ['/tmp/report-aB3xZ9/data.csv', '/tmp/report-*/data.csv'],
  ['/srv/app/config.json', '/srv/app/config.json'],
])('the path %s is counted as %s', (path, pattern) => {
  expect(pathPattern(path)).toBe(pattern);
});

test('many names of one folder and ending are one pattern', () => {
  const paths = ['ann', 'bob', 'cid', 'dan', 'eve'].map((name) => `/srv/users/${name}.csv`);
  expect([...countPatterns([...paths, '/srv/users/list.txt'])]).toEqual([
    ['/srv/users/*.csv', 5],
    ['/srv/users/list.txt', 1],
  ]);
  expect(isOfPattern('/srv/users/ann.csv', '/srv/users/*.csv')).toBe(true);
  expect(isOfPattern('/srv/users/list.txt', '/srv/users/*.csv')).toBe(false);
});

const row = (local: string, remote: string, state: string, inode: number): string =>
  `   0: ${local} ${remote} ${state} 0000000A:00000002 00:00000000 00000000  1000        0 ${inode} 1 0 20 4 30 10 -1`;

const TABLE = [
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
  row('0100007F:1F90', '00000000:0000', '0A', 1),
  row('0100007F:1F90', '0200007F:C001', '01', 2),
  row('0100007F:C002', '0100007F:1538', '08', 3),
  row('0000000000000000FFFF00000100007F:C003', '0000000000000000FFFF00000100007F:1538', '01', 4),
  row('00000000000000000000000001000000:C004', '000080FE000000000000000001000000:0050', '02', 5),
  row('0100007F:C009', '0100007F:1538', '01', 99),
  'not a row',
].join('\n');

test('own connections are told by direction, peer and state; others are left out', () => {
  const sample = [1, 2, 3, 4, 5].map((inode) => descriptorOf(inode, `socket:[${inode}]`));
  const { connections, listeners } = ownSockets({ open: 5, every: 1, sample }, TABLE);
  expect(listeners).toHaveLength(1);
  expect(
    peerFigures(connections, 1).map(({ peer, direction, sockets, closeWait, connecting, unreadBytes }) => [
      peer,
      direction,
      sockets,
      closeWait,
      connecting,
      unreadBytes,
    ]),
  ).toEqual([
    ['127.0.0.1:5432', 'outgoing', 2, 1, 0, 4],
    [':8080', 'incoming', 1, 0, 0, 2],
    ['fe80::1:80', 'outgoing', 1, 0, 1, 2],
  ]);
});

test('tables that are cut or empty make no rows', () => {
  expect(parseTcp(TABLE.slice(0, 180), () => true).length).toBeLessThanOrEqual(1);
  expect(parseTcp('', () => true)).toEqual([]);
  expect(parseUnix('')).toEqual(new Map());
  expect(parseUnix('Num\n0000: 00000003 00000000 00000000 0001 03 77 /run/app.sock\n')).toEqual(
    new Map([['77', '/run/app.sock']]),
  );
});

test('without /proc there is nothing, and no error', () => {
  const reader = createProcReader('/no/such/proc');
  expect(reader.descriptors()).toBeUndefined();
  expect([reader.quickCount(), reader.descriptorLimit(), reader.position(1), reader.mode(1)]).toEqual(
    Array(4).fill(undefined),
  );
  expect(reader.tcpTable().trim()).toBe('');
});

const every = (stepMs: number, values: readonly number[]): readonly Point[] =>
  values.map((value, index) => ({ atMs: index * stepMs, value }));
const ramp = (count: number, of: (index: number) => number): number[] =>
  Array.from({ length: count }, (_, index) => of(index));

test.each<[string, readonly Point[], boolean]>([
  [
    'a steep leak within seconds',
    every(
      1_000,
      ramp(8, (i) => 30 * i),
    ),
    true,
  ],
  [
    'a slow leak within an hour',
    every(
      5_000,
      ramp(720, (i) => 20 + i / 20),
    ),
    true,
  ],
  [
    'a leak below the load that comes and goes',
    every(
      1_000,
      ramp(61, (i) => 2 * i + 40 * (i % 3)),
    ),
    true,
  ],
  [
    'a pool that has filled and stays',
    every(
      1_000,
      ramp(61, (i) => Math.min(100, 20 * i)),
    ),
    false,
  ],
  [
    'a pool of a hundred that fills at once',
    every(
      1_000,
      ramp(13, (i) => Math.min(100, 12 * i)),
    ),
    false,
  ],
  [
    'load that comes and goes',
    every(
      1_000,
      ramp(61, (i) => 100 + 90 * Math.sin(i)),
    ),
    false,
  ],
  [
    'a count that falls',
    every(
      1_000,
      ramp(61, (i) => 1_000 - 10 * i),
    ),
    false,
  ],
  ['too few readings', every(1_000, [0, 1_000]), false],
  ['none', [], false],
])('%s: steady growth %#', (_, points, isGrowing) => {
  expect(steadyGrowth(points) !== undefined).toBe(isGrowing);
});

test('what has risen once and stays has no slope', () => {
  expect(
    slopePerMinute(
      every(
        1_000,
        ramp(61, (i) => Math.min(100, 20 * i)),
      ),
      60_000,
    ),
  ).toBe(0);
  expect(
    slopePerMinute(
      every(
        1_000,
        ramp(61, (i) => i),
      ),
      60_000,
    ),
  ).toBeCloseTo(60, 0);
  expect(slopePerMinute([], 60_000)).toBe(0);
});
