import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { JsonObject, JsonValue } from '@nodelens/core';
import { expect, test } from 'vitest';
import { type Diagnosis, type Service, startService } from '../service.ts';

const start = (): Promise<Service> => startService('supervision-shop', [], ['supervision']);

/** The service takes the place of a shell that has started something: a child that it does not know. */
async function startAsInit(): Promise<Service> {
  const { execPath } = process;
  const wrapper = join(mkdtempSync(join(tmpdir(), 'nodelens-')), 'node');
  writeFileSync(wrapper, `#!/bin/sh\nsleep 0.1 &\nexec "${execPath}" "$@"\n`, { mode: 0o755 });
  process.execPath = wrapper;
  try {
    return await start();
  } finally {
    process.execPath = execPath;
  }
}

const SICK = [
  'supervision.child_pile_up',
  'supervision.cluster_imbalance',
  'supervision.crash_loop',
  'supervision.hot_worker',
  'supervision.worker_out_of_memory',
  'supervision.zombies',
];

async function diagnoseAll(service: Service): Promise<ReadonlyMap<string, Diagnosis['conclusion']>> {
  const found = new Map<string, Diagnosis['conclusion']>();
  await service.diagnosed('supervision', ({ checkId, conclusion }) => {
    found.set(checkId, conclusion);
    return SICK.every((id) => found.has(id));
  });
  return found;
}

const inFixture = (name: string): unknown => expect.stringMatching(new RegExp(`/supervision-${name}\\.ts$`));

test('bad supervision is told what, where and why; good order beside it is silent', {
  timeout: 90_000,
}, async () => {
  const sick = await startAsInit();
  const healthy = await start();
  sick.start('sick');
  healthy.start('healthy');
  await Promise.all([tellsAll(sick), isSilent(healthy)]);
});

async function tellsAll(service: Service): Promise<void> {
  const found = await diagnoseAll(service);
  expect(found.get('supervision.crash_loop')).toMatchObject({
    observation: expect.stringContaining('uncaught TypeError: Cannot read properties of undefined'),
    subjects: [
      { kind: 'worker', name: 'supervision-parser.ts', file: inFixture('parser'), unit: 'restarts/min' },
      { kind: 'function', name: 'parseFeed', file: inFixture('parser'), line: 9 },
      { kind: 'function', name: 'superviseParser', file: inFixture('shop'), line: 11 },
    ],
  });
  expect(found.get('supervision.worker_out_of_memory')).toMatchObject({
    severity: 'warning',
    observation: expect.stringContaining('its heap limit of 16 MB was reached'),
    subjects: [
      { kind: 'worker', file: inFixture('render'), value: 1 },
      { kind: 'function', name: 'buildCatalogue', file: inFixture('shop') },
    ],
  });
  expect(found.get('supervision.hot_worker')).toMatchObject({
    context: expect.stringContaining('Of 3 workers of one pool'),
    subjects: [
      { kind: 'worker', file: inFixture('render'), unit: '%' },
      { kind: 'function', name: 'renderPage', file: inFixture('render'), line: 6 },
      { kind: 'function', file: inFixture('shop') },
    ],
  });
  expect(found.get('supervision.cluster_imbalance')).toMatchObject({
    context: expect.stringContaining('Of 3 cluster workers'),
    hypothesis: expect.stringContaining('one request or job'),
    subjects: [
      { kind: 'process', file: inFixture('site'), unit: '%' },
      { kind: 'process', unit: 'open files' },
    ],
  });
  expect(found.get('supervision.child_pile_up')).toMatchObject({
    subjects: [
      { kind: 'process', name: 'cat', unit: 'processes' },
      { kind: 'function', name: 'convert', file: inFixture('shop'), line: 28 },
    ],
  });
  expect(found.get('supervision.zombies')).toMatchObject({
    severity: 'info',
    hypothesis: expect.stringContaining('init'),
    subjects: [{ kind: 'process', name: expect.stringMatching(/^sleep \(pid \d+\)$/), unit: 's' }],
  });
  await answersAll(service);
}

/** What scripts may ask beside what the checks do. */
async function answersAll(service: Service): Promise<void> {
  const ask = <T>(what: string, args: readonly JsonValue[] = []): Promise<T> =>
    service.call<T>('supervision', `supervision_${what}`, args);
  expect(await service.snapshot('supervision')).toMatchObject({
    clusterWorkersAlive: 3,
    workersOutOfMemory15m: 1,
    pileUp: 'cat',
    zombies: 1,
    nodelensOperatorsFailed15m: 1,
    unavailable: [],
  });
  const [newest] = await ask<JsonObject[]>('exits', [1, true]);
  expect(newest).toMatchObject({ kind: 'worker', exitCode: 1, error: { frame: { name: 'parseFeed' } } });
  const children = await ask<JsonObject[]>('children');
  expect(children[0]).toMatchObject({ kind: 'cluster', isKnown: true, starter: { name: 'startCluster' } });
  const tree = await ask<{ otherChildren: object[]; nodelens: JsonObject }>('tree');
  expect(tree.otherChildren).toContainEqual(expect.objectContaining({ name: 'sleep', state: 'Z' }));
  expect(tree.nodelens).toMatchObject({ events: [{ what: 'operator.failed', name: 'gc' }] });
  expect(await ask('rates')).toMatchObject({ last1m: { worker: { endedPerMinute: 0 } } });
}

/** Until the checks that look 15 s back have seen enough. */
async function isSilent(service: Service): Promise<void> {
  let snapshot: JsonObject;
  do {
    expect(await service.diagnose('supervision')).toEqual([]);
    snapshot = await service.snapshot('supervision');
    await setTimeout(100);
  } while (snapshot.clusterWorkersMeasured !== 3);
  expect(snapshot).toMatchObject({ workersFailed5m: 0, childrenFailed5m: 0 });
  expect(Number(snapshot.startedChildren1m)).toBeGreaterThan(20);
  expect(Number(snapshot.startedWorkers1m)).toBeGreaterThan(20);
}
