import type { Check, JsonObject } from '@nodelens/core';
import { expect, test } from 'vitest';
import { writeBacklog } from '../../src/handles/check-backlog.ts';
import { silentClient } from '../../src/handles/check-clients.ts';
import { fdLeak } from '../../src/handles/check-files.ts';
import { nearLimit } from '../../src/handles/check-limit.ts';
import { socketLeak } from '../../src/handles/check-sockets.ts';
import { timerLeak } from '../../src/handles/check-timers.ts';
import { watcherLeak } from '../../src/handles/check-watchers.ts';

const frame = { name: 'load', file: '/srv/load.js', line: 7 };

const files = (parts: JsonObject): JsonObject => ({
  seconds: 3,
  patterns: [
    { pattern: '/srv/*.csv', before: 90, after: 100, lookedAt: 90, kept: 90, untouched: 90, ...parts },
  ],
  openers: [{ frame, opened: 12, stillOpen: 12, path: '/srv/12.csv' }],
});
const filesFinding = { path: '/srv/*.csv', perMinute: 200, minutesToFdLimit: null, fdLimit: 1_024 };

const peer = '10.0.0.7:5432';
const sockets = (after: number, idle: number): JsonObject => ({
  openings: { seconds: 3, peers: [{ peer, before: 60, after }], openers: [] },
  now: {
    peers: [],
    main: [{ peer, direction: 'outgoing', watched: 60, idle, openers: [{ frame, sockets: 9 }] }],
  },
});
const socketsFinding = { peer, stuck: 0, stuckPeer: '', perMinute: 30, minutesToFdLimit: null };

const unreadSockets = (unread: number): JsonObject => ({
  openings: { seconds: 3, peers: [{ peer, before: 60, after: 70 }], openers: [] },
  now: { peers: [], main: [{ peer, direction: 'outgoing', watched: 60, idle: 0, unread, openers: [] }] },
});
const fastSockets = { ...socketsFinding, perMinute: 600 };

const clients = (after: number, silent: number): JsonObject => ({
  seconds: 3,
  clients: [{ client: '10.0.0.7', before: 60, after, watched: 60, silent, idle: 60 }],
});
const clientsFinding = { client: '10.0.0.7', perMinute: 600, minutesToFdLimit: null };

const timers = (opener: JsonObject): JsonObject => ({
  before: { timers: 300 },
  after: { timers: 320, steadyGrowth: { windowSeconds: 60 } },
  openings: { seconds: 3, openers: [{ frame, opened: 20, stillOpen: 20, delayMs: 60_000, ...opener }] },
});

const watchers = (opener: JsonObject, after = 330): JsonObject => ({
  before: { watchers: 300 },
  after: { watchers: after },
  openings: { seconds: 3, openers: [{ frame, opened: 30, stillOpen: 30, ...opener }] },
});
const watchersFinding = { perMinute: 600 };

const backlog = (grownBytes: number, bufferedBytes = 9_000_000): JsonObject[] => [
  {
    peer: '10.0.0.9',
    direction: 'incoming',
    localPort: 80,
    bufferedBytes,
    grownBytes,
    sentBytes: 0,
    opener: null,
  },
];

const limits = (parts: JsonObject): JsonObject => ({
  limits: {
    openFds: 900,
    fdLimit: 1_000,
    fdUsedPercent: 90,
    fdPerMinute: 0,
    minutesToFdLimit: null,
    ...parts,
  },
  growth: { byKind: [{ kind: 'socket', to: 850 }], files: [], peers: [{ name: peer, to: 800 }] },
});

test.each<[string, Check, JsonObject | JsonObject[], JsonObject, string | undefined]>([
  ['files that are kept untouched', fdLeak, files({}), filesFinding, 'warning'],
  [
    'files that are kept, the limit near',
    fdLeak,
    files({}),
    { ...filesFinding, minutesToFdLimit: 3 },
    'critical',
  ],
  ['files that are closed again', fdLeak, files({ kept: 20, untouched: 20 }), filesFinding, undefined],
  ['files that are read from', fdLeak, files({ untouched: 10 }), filesFinding, undefined],
  ['files that are kept, no more are opened', fdLeak, files({ after: 90 }), filesFinding, undefined],
  ['files that become fewer', fdLeak, files({ after: 70 }), filesFinding, undefined],
  ['connections that idle and grow', socketLeak, sockets(70, 58), socketsFinding, 'warning'],
  ['connections of a pool that filled up fast', socketLeak, sockets(60, 58), fastSockets, undefined],
  ['connections that grow slower than a watch', socketLeak, sockets(60, 58), socketsFinding, 'warning'],
  ['answers that nobody reads', socketLeak, unreadSockets(58), socketsFinding, 'warning'],
  ['a few answers that nobody reads', socketLeak, unreadSockets(8), socketsFinding, undefined],
  ['connections in use', socketLeak, sockets(70, 20), socketsFinding, undefined],
  ['connections from a client that says nothing', silentClient, clients(90, 58), clientsFinding, 'warning'],
  [
    'the same until the limit is near',
    silentClient,
    clients(90, 58),
    { ...clientsFinding, minutesToFdLimit: 5 },
    'critical',
  ],
  ['connections that were kept after a request', silentClient, clients(90, 20), clientsFinding, undefined],
  ['a client that has stopped', silentClient, clients(60, 58), clientsFinding, undefined],
  [
    'connections from another client',
    silentClient,
    clients(90, 58),
    { ...clientsFinding, client: '::1' },
    undefined,
  ],
  ['connections that become fewer', socketLeak, sockets(50, 58), socketsFinding, undefined],
  ['intervals that stay', timerLeak, timers({ isInterval: true }), {}, 'warning'],
  ['timeouts that will fire', timerLeak, timers({ isInterval: false }), {}, undefined],
  ['timeouts set over and over', timerLeak, timers({ isInterval: false, delayMs: 1_000 }), {}, 'warning'],
  ['intervals that are cleared', timerLeak, timers({ isInterval: true, stillOpen: 3 }), {}, undefined],
  ['file watchers that stay', watcherLeak, watchers({}), watchersFinding, 'warning'],
  ['file watchers that are closed', watcherLeak, watchers({ stillOpen: 3 }), watchersFinding, undefined],
  ['file watchers of a start', watcherLeak, watchers({}, 300), watchersFinding, undefined],
  ['writes that pile up', writeBacklog, backlog(500_000), {}, 'warning'],
  ['a large answer on its way', writeBacklog, backlog(-500_000), {}, undefined],
  ['little that piles up', writeBacklog, backlog(500_000, 800_000), {}, undefined],
  ['most descriptors used', nearLimit, limits({}), {}, 'warning'],
  ['almost all used', nearLimit, limits({ fdUsedPercent: 96 }), {}, 'critical'],
  ['used and freed since', nearLimit, limits({ fdUsedPercent: 40 }), {}, undefined],
])('%s', (_, check, evidence, finding, severity) => {
  expect(check.conclude(evidence, finding)?.severity).toBe(severity);
});

test.each([fdLeak, socketLeak, silentClient, timerLeak, watcherLeak, writeBacklog, nearLimit])(
  '$id: evidence of another shape concludes nothing',
  ({ conclude, when }) => {
    for (const evidence of [null, [], {}, 'text']) expect(conclude(evidence, {})).toBeUndefined();
    expect(when({}, [])).toBeUndefined();
  },
);

test('a backlog is blamed on who writes, and on each peer once', () => {
  const [one] = backlog(500_000);
  const conclusion = writeBacklog.conclude([{ ...one, writer: frame, writes: 40 }, { ...one }], {});
  expect(conclusion?.subjects.map(({ kind, name }) => [kind, name])).toEqual([
    ['function', 'load'],
    ['peer', '10.0.0.9'],
  ]);
});
