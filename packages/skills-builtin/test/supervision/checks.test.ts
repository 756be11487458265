import type { Check, JsonObject, JsonValue } from '@nodelens/core';
import { expect, test } from 'vitest';
import { clusterImbalance } from '../../src/supervision/check-cluster.ts';
import { hotWorker } from '../../src/supervision/check-hot-worker.ts';
import { workerInLongTask } from '../../src/supervision/check-long-task.ts';
import { workerOutOfMemory } from '../../src/supervision/check-out-of-memory.ts';
import { zombies } from '../../src/supervision/check-zombies.ts';
import { supervisionChecks } from '../../src/supervision/knowledge.ts';

const starter = { name: 'startPool', file: '/srv/pool.js', line: 7 };
const worker = (id: number, over: JsonObject = {}): JsonObject => ({
  id,
  name: 'render.js',
  file: '/srv/render.js',
  threadId: id,
  eventLoopUtilization: 0.01,
  cpuPercent: 0.2,
  ageMs: 60_000,
  starter,
  ...over,
});
const hot = { eventLoopUtilization: 1, cpuPercent: 98 };
const thread = (wantedPercent: number): JsonObject => ({ wantedPercent, cpuPercent: 90, windowMs: 15_000 });

const HOT: readonly [string, JsonObject, string | undefined][] = [
  ['one of three', { workers: [worker(1, hot), worker(2), worker(3)] }, 'info'],
  ['for a minute', { workers: [worker(1, hot), worker(2), worker(3)], minute: [thread(99)] }, 'warning'],
  [
    'others sleep in Atomics.wait',
    { workers: [worker(1, hot), worker(2, { eventLoopUtilization: 1 }), worker(3)] },
    'info',
  ],
  ['two of four', { workers: [worker(1, hot), worker(2, hot), worker(3), worker(4)] }, undefined],
  [
    'the others work too',
    { workers: [worker(1, hot), worker(2, { cpuPercent: 40 }), worker(3), worker(4)] },
    undefined,
  ],
  ['on its own', { workers: [worker(1, hot)] }, undefined],
  [
    'the others are of another pool',
    {
      workers: [
        worker(1, hot),
        worker(2, { file: '/srv/a.js' }),
        worker(3, { starter: { ...starter, line: 9 } }),
      ],
    },
    undefined,
  ],
  ['only just started', { workers: [worker(1, { ...hot, ageMs: 3_000 }), worker(2), worker(3)] }, undefined],
  [
    'no thread was hot for so long',
    { workers: [worker(1, hot), worker(2), worker(3)], threads: [thread(40)] },
    undefined,
  ],
  [
    'main did not tell',
    { workers: [worker(1, { cpuPercent: null, eventLoopUtilization: null }), worker(2)] },
    undefined,
  ],
];

test.each(HOT)('hot worker: %s', (_, evidence, severity) => {
  const conclusion = hotWorker.conclude({ threads: [thread(99)], minute: [], ...evidence }, {});
  expect(conclusion?.severity).toBe(severity);
  if (conclusion !== undefined)
    expect(conclusion.subjects).toMatchObject([{ kind: 'worker' }, { name: 'startPool', line: 7 }]);
});

test('the function is named when it is one of the hot worker', () => {
  const price = { name: 'price', file: '/srv/render.js', line: 2, selfShare: 0.8 };
  const evidence = {
    workers: [worker(1, hot), worker(2), worker(3)],
    threads: [thread(99)],
    functions: [price],
  };
  expect(hotWorker.conclude({ ...evidence, profiledId: 1 }, {})?.observation).toContain(
    'price (/srv/render.js:2) took 80 % of its CPU',
  );
  expect(hotWorker.conclude({ ...evidence, profiledId: 2 }, {})?.observation).not.toContain('price');
});

const task = (over: JsonObject = {}): JsonObject => ({
  id: 1,
  name: 'planner-1',
  file: '/srv/plan.js',
  threadId: 3,
  forMs: 6_000,
  cpuMs: 5_900,
  tasksBefore: 12,
  usualTaskMs: 40,
  waiting: 3,
  starter,
  ...over,
});

test.each<[string, readonly JsonObject[], string | undefined]>([
  ['main waits', [task()], 'warning'],
  ['nothing waits', [task({ waiting: 0 })], 'info'],
  ['the others are as large', [task({ usualTaskMs: 400 })], undefined],
  ['its first tasks', [task({ tasksBefore: 3 })], undefined],
  ['not told what is usual', [task({ usualTaskMs: null })], undefined],
  ['not for long', [task({ forMs: 4_000 })], undefined],
])('worker in a long task: %s', (_, tasks, severity) => {
  expect(workerInLongTask.conclude({ tasks }, {})?.severity).toBe(severity);
});

test('the innermost function that is in all stacks holds the worker, not one that it calls', () => {
  const functions = [
    { name: 'distance', file: '/srv/tour.js', line: 3, share: 0.5 },
    { name: 'improve', file: '/srv/tour.js', line: 9, share: 1 },
    { name: 'plan', file: '/srv/plan.js', line: 5, share: 1 },
  ];
  const tasks = [task(), task({ id: 2, waiting: 0 })];
  const conclusion = workerInLongTask.conclude({ tasks, stacks: [{ id: 1, functions }] }, {});
  expect(conclusion?.context).toContain('So does 1 other worker');
  expect(conclusion?.subjects).toMatchObject([
    { kind: 'worker', name: 'planner-1', file: '/srv/plan.js' },
    { kind: 'function', name: 'improve', line: 9 },
    { kind: 'function', name: 'startPool' },
  ]);
});

const balance = (over: JsonObject, busiest: JsonObject = {}): JsonObject => ({
  balance: {
    workers: 4,
    windowSeconds: 15,
    maxPercent: 96,
    othersPercent: 5,
    busiestFirst: [
      {
        pid: 7,
        name: 'node site.js',
        file: '/srv/site.js',
        cpuPercent: 96,
        mainWantedPercent: 99,
        openFiles: 30,
        ...busiest,
      },
      { pid: 8, name: 'node site.js', openFiles: 28, mainReadsPerSecond: 2 },
    ],
    ...over,
  },
});

const ROOM = { maxPercent: 40 };

test.each([
  ['one request', balance({}, { mainReadsPerSecond: 1 }), 'one request or job of that worker'],
  ['its share of what comes in', balance({}, { mainReadsPerSecond: 60 }), 'Most of what comes in'],
  ['its reads cannot be seen', balance({}), 'Either most requests'],
  ['its connections', balance({}, { openFiles: 200 }), 'Connections are spread unevenly'],
  ['all are busy', balance({ othersPercent: 80 }), undefined],
  ['there is room', balance(ROOM, { mainWantedPercent: 41, mainReadsPerSecond: 60 }), undefined],
  [
    'there is room, and new connections go to it',
    { ...balance(ROOM, { mainWantedPercent: 41, mainReadsPerSecond: 60 }), newConnections: 9 },
    'Most of what comes in',
  ],
  [
    'there is room, and few connections come',
    { ...balance(ROOM, { mainWantedPercent: 41, mainReadsPerSecond: 60 }), newConnections: 2 },
    undefined,
  ],
  [
    'there is little to do',
    { ...balance(ROOM, { mainWantedPercent: 20, mainReadsPerSecond: 60 }), newConnections: 9 },
    undefined,
  ],
  [
    'there is room, and connections come to the others too',
    { ...balance(ROOM, { mainWantedPercent: 41, mainReadsPerSecond: 5.5 }), newConnections: 9 },
    undefined,
  ],
  ['there is one', balance({ workers: 1 }), undefined],
])('cluster imbalance: %s', (_, evidence, hypothesis) => {
  const conclusion = clusterImbalance.conclude(evidence, {});
  if (hypothesis === undefined) expect(conclusion).toBeUndefined();
  else expect(conclusion?.hypothesis).toContain(hypothesis);
});

const zombie = (seenForMs: number, isKnown = false): JsonObject => ({
  pid: 9,
  name: 'sleep',
  seenForMs,
  isKnown,
});

test.each([
  ['given to pid 1', { zombies: [zombie(60_000)], isInit: true, mainBlockedMs: 0 }, 'an init'],
  ['its own', { zombies: [zombie(60_000, true)], mainBlockedMs: 0 }, 'SIGCHLD'],
  ['about to be reaped', { zombies: [zombie(2_000, true)], mainBlockedMs: 0 }, undefined],
  ['main is blocked', { zombies: [zombie(20_000, true)], mainBlockedMs: 21_000 }, undefined],
])('zombies: %s', (_, seen, hypothesis) => {
  const conclusion = zombies.conclude({ zombies: seen }, {});
  if (hypothesis === undefined) expect(conclusion).toBeUndefined();
  else expect(conclusion?.hypothesis).toContain(hypothesis);
});

test('workers that run out of memory again and again are critical; what is old is left out', () => {
  const exit = (agoMs: number): JsonObject => ({
    kind: 'worker',
    name: '/srv/render.js',
    file: '/srv/render.js',
    error: { code: 'ERR_WORKER_OUT_OF_MEMORY' },
    reason: 'its heap limit of 64 MB was reached',
    starter,
    agoMs,
    livedMs: 5_000,
  });
  const conclude = (exits: JsonValue): string | undefined =>
    workerOutOfMemory.conclude({ exits }, {})?.severity;
  expect(conclude([exit(1_000)])).toBe('warning');
  expect(conclude([exit(1_000), exit(2_000), exit(3_000)])).toBe('critical');
  expect(conclude([exit(1_000_000)])).toBeUndefined();
});

test.each(supervisionChecks.map((check): [string, Check] => [check.id, check]))(
  '%s is silent on a snapshot without figures and on evidence that is not as expected',
  (_, check) => {
    expect(check.when({}, [])).toBeUndefined();
    for (const evidence of [
      null,
      [],
      {},
      'x',
      { loops: 1, workers: [{}], zombies: {}, balance: [], piles: [{}] },
    ])
      expect(check.conclude(evidence, {})).toBeUndefined();
  },
);
