import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createAcceptWatch } from '../../src/overload/accept.ts';
import { riseOf } from '../../src/overload/cascade.ts';
import { createFlowHistory, type Flow, reasonOfGrowth } from '../../src/overload/flow.ts';
import { secondsUntil, trendOf } from '../../src/overload/growth.ts';
import { groupsOf } from '../../src/overload/in-flight.ts';
import { readOpenSockets } from '../../src/overload/open-sockets.ts';
import { parseListenCounters, parseSocket } from '../../src/overload/proc-net.ts';
import { createQueueHistory } from '../../src/overload/queue-history.ts';
import { createRoutes, routeOf } from '../../src/overload/routes.ts';
import { slot } from '../../src/requests/slots.ts';

const HEADER =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
const TAIL = '1 000000004e6064f7 100 0 0 10 0';

/** A line as the kernel prints it; 8080 is 1F90. */
const line = (
  state: string,
  { local = '0100007F:1F90', queues = '00000000:00000000', inode = 7 } = {},
): string =>
  `   0: ${local} 0200007F:C350 ${state} ${queues} 00:00000000 00000000   106        0 ${inode} ${TAIL}`;

test.each([
  [
    line('0A', { queues: '00000000:00000005' }),
    { state: 'listening', local: '127.0.0.1:8080', receiveQueue: 5 },
  ],
  [
    line('01', { queues: '0000000A:00000400' }),
    { state: 'open', sendQueue: 10, receiveQueue: 1024, inode: 7 },
  ],
  [line('06'), { state: 'other' }],
  [line('0A', { local: '00000000000000000000000001000000:0050' }), { local: '[::1]:80', localPort: 80 }],
  [line('0A', { local: '00000000000000000000000000000000:0050' }), { local: '[::]:80' }],
  [line('01', { local: '0000000000000000FFFF00000100007F:0050' }), { local: '127.0.0.1:80' }],
  [line('01', { local: 'B80D0120000000000000000001000000:0050' }), { local: '[2001:db8::1]:80' }],
])('a line of the kernel is read: %#', (text, expected) => {
  expect(parseSocket(text)).toMatchObject(expected);
});

test.each([HEADER, '', '   1: 0100007F:1F90 00000000:0000 0A', line('0A').slice(0, 91)])(
  'what is no whole line is left out: %#',
  (text) => expect(parseSocket(text)).toBeUndefined(),
);

test('listen overflows are read by name', () => {
  const text = 'TcpExt: TW ListenOverflows ListenDrops\nTcpExt: 1 22 33\nIpExt: X\nIpExt: 1\n';
  expect(parseListenCounters(text)).toEqual({ overflows: 22, drops: 33 });
  expect(parseListenCounters('TcpExt: TW\nTcpExt: 1\n')).toBeUndefined();
  expect(parseListenCounters('')).toBeUndefined();
});

function machine(): { readonly root: string; write(files: { readonly [path: string]: string }): void } {
  const root = mkdtempSync(join(tmpdir(), 'nodelens-overload-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, 'proc/self/fd'), { recursive: true });
  symlinkSync('socket:[7]', join(root, 'proc/self/fd/3'));
  symlinkSync('socket:[8]', join(root, 'proc/self/fd/4'));
  symlinkSync('/dev/null', join(root, 'proc/self/fd/5'));
  return {
    root,
    write(files) {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), text);
      }
    },
  };
}

const counters = (overflows: number): string =>
  `TcpExt: ListenOverflows ListenDrops\nTcpExt: ${overflows} ${overflows}\n`;
const table = (...lines: readonly string[]): string => `${[HEADER, ...lines].join('\n')}\n`;
const waiting = (count: number): string => `00000000:${count.toString(16).padStart(8, '0')}`;

test('an accept queue has the limit of listen, or the one at which it stands and overflows', () => {
  const { root, write } = machine();
  write({ 'proc/sys/net/core/somaxconn': '128\n' });
  const watch = createAcceptWatch(root);
  const read = (second: number, count: number, overflows: number): void => {
    const foreign = line('0A', { local: '0100007F:1F91', inode: 99, queues: waiting(100) });
    const own = line('0A', { queues: waiting(count) });
    write({
      'proc/self/net/tcp': table(foreign, own, line('01', { inode: 8 })),
      'proc/self/net/netstat': counters(overflows),
    });
    watch.read(second * 1_000);
  };
  read(0, 0, 5);
  expect(watch.queues()).toMatchObject([{ address: '127.0.0.1:8080', limit: 128, limitSource: 'assumed' }]);
  expect(watch.hasWaiting()).toBe(false);
  read(1, 3, 5);
  expect(watch.hasWaiting()).toBe(true);
  read(2, 3, 6);
  expect(watch.queues()).toMatchObject([{ waiting: 3, limitSource: 'assumed', nearLimitMs: 0 }]);
  read(3, 3, 9);
  read(4, 3, 12);
  expect(watch.queues()).toMatchObject([
    { limit: 3, limitSource: 'observed', highest1m: 3, nearLimitMs: 3_000 },
  ]);
  expect(watch.overflows(60_000)).toEqual({
    overflows: 7,
    drops: 7,
    overflowsPerSecond: 1.75,
    windowSeconds: 4,
  });
  watch.setBacklogs(new Map([[8080, 4_000]]));
  expect(watch.queues()).toMatchObject([{ limit: 128, limitSource: 'listen-options', nearLimitMs: 0 }]);
});

test('without the tables of the kernel nothing is told of sockets', async () => {
  const { root } = machine();
  const watch = createAcceptWatch(root);
  watch.read(0);
  expect(watch.queues()).toBeUndefined();
  expect(watch.overflows(60_000)).toBeUndefined();
  expect(await readOpenSockets(join(root, 'none'), new Set())).toBeUndefined();
});

test('open sockets of this process are summed by peer', async () => {
  const { root, write } = machine();
  write({
    'proc/self/net/tcp': table(
      line('0A', { queues: waiting(9) }),
      line('01', { inode: 7, queues: '00000000:00000400' }),
      line('08', { inode: 8, local: '0100007F:8000', queues: '00000010:00000000' }),
      line('01', { inode: 99, queues: '00000000:00010000' }),
      line('01', { inode: 0, queues: '00000000:00010000' }),
    ),
  });
  expect(await readOpenSockets(root, new Set([8080]))).toMatchObject({
    sockets: 2,
    unreadBytes: 1_024,
    socketsWithUnread: 1,
    unsentBytes: 16,
    socketsWithUnsent: 1,
    peers: [
      { peer: '127.0.0.2', direction: 'in', unreadBytes: 1_024 },
      { peer: '127.0.0.2:50000', direction: 'out', unsentBytes: 16 },
    ],
  });
});

const series = (values: readonly number[]): { atMs: number; value: number }[] =>
  values.map((value, i) => ({ atMs: i * 1_000, value }));
const seconds = (count: number, of: (second: number) => number): { atMs: number; value: number }[] =>
  series(Array.from({ length: count }, (_, i) => of(i)));

test.each([
  ['a steady rise', seconds(20, (i) => 5 * i), true, 300],
  ['a steady rise with noise', seconds(20, (i) => 5 * i + (i % 3)), true, 300],
  ['a long one, thinned', seconds(600, (i) => i), true, 60],
  ['a burst that drains', seconds(20, (i) => (i < 10 ? 10 * i : 200 - 10 * i)), false, undefined],
  ['a saw', seconds(20, (i) => 10 * (i % 5)), false, undefined],
  ['what stays', seconds(20, () => 60), false, 0],
])('%s is told by its trend', (_, points, isSteady, perMinute) => {
  const trend = trendOf(points);
  expect(trend?.isSteady).toBe(isSteady);
  if (perMinute !== undefined) expect(trend?.perMinute).toBeCloseTo(perMinute, -1);
});

test('the time to a limit is told of steady growth alone', () => {
  const rising = trendOf(seconds(20, (i) => 10 * i));
  expect(secondsUntil(rising, 190, 290)).toBeCloseTo(10);
  expect(secondsUntil(rising, 300, 290)).toBeUndefined();
  expect(secondsUntil(trendOf(seconds(20, () => 5)), 5, 290)).toBeUndefined();
  expect(trendOf(seconds(5, (i) => i))).toBeUndefined();
});

test.each([
  ['stays low', seconds(60, (i) => i % 4), undefined],
  ['a single peak', seconds(60, (i) => (i === 30 ? 500 : 0)), undefined],
  ['rises and stays', seconds(60, (i) => (i < 40 ? 2 : 100)), { atMs: 40_000, ongoing: true, peak: 100 }],
  [
    'rises and falls',
    seconds(60, (i) => (i > 30 && i < 40 ? 80 : 0)),
    { atMs: 31_000, ongoing: false, now: 0 },
  ],
  ['a dip between', seconds(60, (i) => (i < 40 || i === 45 ? 0 : 80)), { atMs: 40_000, ongoing: true }],
  ['high from the start', seconds(60, () => 100), undefined],
])('the moment of a rise: %s', (_, points, expected) => {
  const rise = riseOf(points, 20);
  if (expected === undefined) expect(rise).toBeUndefined();
  else expect(rise).toMatchObject(expected);
});

const flow = (arrivals: number, completions: number, staysMs: number | undefined): Flow => ({
  seconds: 10,
  arrivals: arrivals * 10,
  completions: completions * 10,
  arrivalsPerSecond: arrivals,
  completionsPerSecond: completions,
  inFlightMean: 1,
  inFlight: 1,
  staysMs,
});

test.each([
  ['arrivals-rose', flow(50, 50, 20), flow(100, 70, 500)],
  ['service-slowed', flow(50, 50, 20), flow(50, 30, 500)],
  ['service-slowed', flow(50, 50, 20), flow(50, 0, undefined)],
  ['both', flow(50, 50, 20), flow(100, 20, 900)],
  ['unclear', flow(50, 50, 20), flow(50, 50, 22)],
  ['unclear', flow(50, 50, 20), flow(20, 20, 20)],
  ['unclear', undefined, flow(50, 10, 900)],
] as const)('%s is told from before and now', (reason, before, now) => {
  expect(reasonOfGrowth(before, now)).toBe(reason);
});

test("what stays in flight is told by Little's law", () => {
  const history = createFlowHistory();
  for (let second = 0; second <= 10; second += 1) {
    const counts = new Float64Array(64);
    counts[slot.serverStarted] = 100 * second + 20;
    counts[slot.serverFinished] = 100 * second;
    history.record(second * 1_000, counts);
  }
  expect(history.between('server', 0, 10_000)).toMatchObject({
    arrivalsPerSecond: 100,
    inFlight: 20,
    staysMs: 200,
  });
  expect(history.between('client', 0, 10_000)).toMatchObject({ completions: 0, staysMs: undefined });
  expect(history.between('server', 20_000, 30_000)).toBeUndefined();
});

test('the history is bounded, in time and in queues', () => {
  const history = createQueueHistory();
  const kind = (name: string) => ({ name, layer: 'pool', unit: 'requests' }) as const;
  for (let i = 0; i < 4_000; i += 1) history.record(kind('a'), i * 1_000, i);
  expect(history.points('a', 4_000_000, 10_000_000)).toHaveLength(1_800);
  for (let i = 0; i < 100; i += 1) history.record(kind(`pool ${i}`), 4_000_000 + i, 0);
  expect(history.queues(4_000_000, 60_000)).toHaveLength(64);
  expect(history.points('a', 4_000_000, 60_000)).toEqual([]);
});

test('a request is stuck when its route used to answer, and open on purpose otherwise', () => {
  const routes = createRoutes();
  for (let i = 0; i < 6; i += 1)
    routes.add({ side: 'server', target: `/orders/${i}`, durationMs: 10 + i, atMs: 0 });
  routes.add({ side: 'server', target: '/events', durationMs: 5, error: 'closed', atMs: 0 });
  expect(routeOf('http://prices:8080/quote/a1/x')).toBe('http://prices:8080/quote/:id/x');
  const flights = [
    { side: 'server', method: 'GET', target: '/orders/77', ageMs: 900 },
    { side: 'server', method: 'GET', target: '/orders/78', ageMs: 700 },
    { side: 'server', method: 'GET', target: '/events', ageMs: 90_000 },
  ];
  expect(groupsOf(flights, routes, 0)).toMatchObject([
    { route: 'GET /orders/:id', count: 2, oldestMs: 900, medianAgeMs: 800, usualMs: 12.5, isStuck: true },
    { route: 'GET /events', count: 1, usualMs: null, isStuck: false },
  ]);
  expect(groupsOf(null, routes, 0)).toEqual([]);
});

test('a route of which some are answered, but late, is measured by what was usual before', () => {
  const routes = createRoutes();
  const finish = (fromMs: number, durationMs: number) => {
    for (let atMs = fromMs; atMs < fromMs + 10_000; atMs += 50)
      routes.add({ side: 'client', target: 'http://a/x', durationMs, atMs });
  };
  finish(0, 40);
  finish(10_000, 4_000);
  const flights = [{ side: 'client', method: 'GET', target: 'http://a/x', ageMs: 3_000 }];
  const judged = { usualMs: 4_000, isStuck: false };
  expect(groupsOf(flights, routes, 9_000)).toMatchObject([{ ...judged, usualBeforeMs: 40, isSlowed: true }]);
  expect(groupsOf(flights, routes, 1_000)).toMatchObject([
    { ...judged, usualBeforeMs: null, isSlowed: false },
  ]);
});
