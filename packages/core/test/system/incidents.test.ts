// Incidents of a real service: one alarm for what several operators find, told while main is blocked, and the same one
// after the recorder thread has died.
import { on } from 'node:events';
import { hostname } from 'node:os';
import { Worker } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import type { SkillSpec } from '../../src/skill.ts';
import type { ToldEventOf } from '../../src/telemetry/events.ts';
import { pulse, startLens } from './kit.ts';

const lethal: SkillSpec = {
  kind: 'skill-spec',
  id: 'lethal',
  module: new URL('./fixtures/lethal-skill.ts', import.meta.url).href,
  exportName: 'createLethalSkill',
  options: { how: 'throw' },
};

const resident = (id: string, limits = {}) => ({
  skill: pulse(id),
  mode: 'continuous' as const,
  limits,
});

test('what two operators find while main is blocked is one alarm to a webhook, and one update', {
  timeout: 60_000,
}, async () => {
  const count = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(new URL('./fixtures/receiver.ts', import.meta.url), { workerData: count });
  onTestFinished(async () => void (await worker.terminate()));
  const messages = on(worker, 'message');
  const [{ address }] = (await messages.next()).value ?? [];
  await startLens({
    operators: [resident('one'), resident('two')],
    webhooks: [
      {
        url: `http://127.0.0.1:${address.port}/`,
        events: ['incident.opened', 'incident.updated', 'incident.closed'],
      },
    ],
  });
  while (Atomics.load(count, 0) < 2)
    expect(Atomics.wait(count, 0, Atomics.load(count, 0), 40_000), 'main is blocked').not.toBe('timed-out');
  const [{ message: opened }] = (await messages.next()).value ?? [];
  const [{ message: updated }] = (await messages.next()).value ?? [];
  const title = 'The rate is {"rate":72} (beat)';
  const heart = { kind: 'function', name: 'beat', file: '/app/heart.ts', line: 3 };
  expect(opened).toMatchObject({
    type: 'incident.opened',
    data: { incident: { severity: 'warning', title, subjects: [heart], investigationIds: [] } },
  });
  expect(updated).toMatchObject({
    type: 'incident.updated',
    data: {
      incident: { id: opened.data.incident.id, title },
      why: 'finding',
      what: title,
      subjects: [heart],
    },
  });
  expect(updated.data.incident.notificationIds).toHaveLength(2);
  expect(updated.data.incident.notificationIds[0]).toBe(opened.data.incident.notificationIds[0]);
});

test('it is in the history by the time that it is told; a stop tells its end where nothing is kept', {
  timeout: 60_000,
}, async () => {
  const lens = await startLens({ anomaly: false, operators: [resident('one')] });
  const opened = Promise.withResolvers<ToldEventOf<'incident.opened'>>();
  const closed: ToldEventOf<'incident.closed'>[] = [];
  lens.on('incident.opened', opened.resolve);
  lens.on('incident.closed', (event) => closed.push(event));
  const { incident } = await opened.promise;
  expect((await lens.history()).incidents).toEqual([
    { ...incident, updatedAtMs: expect.any(Number), process: { hostname: hostname(), pid: process.pid } },
  ]);
  await lens.stop();
  expect(closed).toMatchObject([{ why: 'stopped', incident: { id: incident.id } }]);
});

test('what is not grave enough for the options opens none', { timeout: 60_000 }, async () => {
  const lens = await startLens({
    anomaly: false,
    incidents: { minSeverity: 'critical' },
    operators: [resident('one')],
  });
  const told: string[] = [];
  lens.on('*', ({ type }) => told.push(type));
  const found = Promise.withResolvers<void>();
  const rested = Promise.withResolvers<void>();
  lens.on('operator.notification', () => found.resolve());
  lens.on('operator.hibernated', () => rested.resolve());
  await Promise.all([found.promise, rested.promise]);
  await lens.stop();
  expect(told.filter((type) => type.startsWith('incident.'))).toEqual([]);
});

test('the recorder dies: what is reported again belongs to the incident that was open', {
  timeout: 60_000,
}, async () => {
  const lens = await startLens({
    // Its samples alone would end the recorder.
    anomaly: false,
    operators: [resident('one', { repeatAfterMs: 0 }), { skill: lethal }],
  });
  const events: ToldEventOf<'incident.opened' | 'incident.updated'>[] = [];
  const opened = Promise.withResolvers<string>();
  const updated = Promise.withResolvers<string>();
  lens.on('incident.opened', (event) => {
    events.push(event);
    opened.resolve(event.incident.id);
  });
  lens.on('incident.updated', (event) => {
    events.push(event);
    updated.resolve(event.incident.id);
  });
  const id = await opened.promise;
  await lens.operator.run('lethal', { reason: 'die' }, { timeoutMs: 40_000 });
  expect(await updated.promise).toBe(id);
  expect(events.map(({ type }) => type)).toEqual(['incident.opened', 'incident.updated']);
  expect((await lens.history()).incidents).toMatchObject([{ id }]);
});
