import { expect, test } from 'vitest';
import type { DescriptorHistory } from '../../src/handles/history.ts';
import { isMoving } from '../../src/handles/main-counts.ts';
import type { ConnectionReading, Reading } from '../../src/handles/reading.ts';
import { growingPeer } from '../../src/handles/sources.ts';

const SECONDS = 10;
const connections = (atMs: number, outgoing: Record<string, number>): ConnectionReading =>
  ({
    atMs,
    outgoing: new Map(Object.entries(outgoing)),
    outgoingCount: Object.values(outgoing).reduce((sum, count) => sum + count, 0),
    incoming: 10,
    clients: new Map(),
  }) as unknown as ConnectionReading;

/** Sockets are counted each second, connections are read twice. */
function seldomRead(perSecond: number, first: ConnectionReading, last: ConnectionReading): DescriptorHistory {
  const readings = Array.from(
    { length: SECONDS + 1 },
    (_, second) =>
      ({ atMs: 1_000 * second, kinds: { socket: 20 + perSecond * second } }) as unknown as Reading,
  );
  return {
    readings: () => readings,
    latest: () => readings.at(-1),
    connections: () => [first, last],
    latestConnections: () => last,
  } as unknown as DescriptorHistory;
}

test.each<[string, number, Record<string, number>, Record<string, number>, string | undefined]>([
  ['nearly all new sockets go to one peer', 30, { a: 80, b: 5 }, { a: 240, b: 6 }, 'a'],
  ['they go to two peers', 30, { a: 40, b: 45 }, { a: 120, b: 126 }, undefined],
  ['sockets do not grow', 0, { a: 80 }, { a: 240 }, undefined],
  ['few came meanwhile', 30, { a: 80 }, { a: 90 }, undefined],
])('connections that are read seldom: %s', (_, perSecond, before, after, peer) => {
  const descriptors = seldomRead(perSecond, connections(4_000, before), connections(9_000, after));
  expect(growingPeer({ descriptors })?.name).toBe(peer);
});

test.each<[string, readonly [second: number, watchers: number][], boolean]>([
  [
    'twenty more than five seconds before',
    [
      [0, 0],
      [5, 20],
    ],
    true,
  ],
  [
    'a leak of fifteen in each second, read each second',
    [
      [0, 0],
      [5, 75],
      [6, 90],
      [7, 105],
      [12, 180],
      [13, 195],
    ],
    true,
  ],
  [
    'what has risen at the start and stays',
    [
      [0, 0],
      [5, 75],
      [6, 75],
      [11, 75],
    ],
    false,
  ],
  [
    'ten more than five seconds before',
    [
      [0, 0],
      [5, 10],
      [10, 20],
    ],
    false,
  ],
  ['nothing was counted yet', [], false],
])('counts are read each second while they move: %s', (_, counted, isEager) => {
  const counts = counted.map(([second, watchers]) => ({ atMs: 1_000 * second, timers: 3, watchers }));
  expect(isMoving(counts)).toBe(isEager);
});
