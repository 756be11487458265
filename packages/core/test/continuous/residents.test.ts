// Continuous operators over many rounds: who is woken for what, what is said once, and what happens when one dies.
import { expect, test } from 'vitest';
import type { ModelRequest } from '../../src/llm/model.ts';
import { type Answer, calls, idFrom, never, scripted } from '../operator/scripted.ts';
import { type Household, keepHouse, ROUND_MS } from './household.ts';

const report = (severity = 'warning', value = 1): Answer[] => [
  calls(['take_snapshot'], ['set_state', { state: severity, reason: `It reads ${value}.` }]),
  (request) =>
    calls([
      'send_notification',
      {
        type: 'pump.hot',
        severity,
        context: 'The pump runs.',
        observation: `It is hot: ${value}.`,
        snapshot_ids: [idFrom(request, 'take_snapshot')],
        subjects: [{ kind: 'resource', name: 'pump', value, unit: 'C' }],
      },
    ]),
  calls(['done']),
];
const nothing = calls(['done']);
/** It was woken, and has not come to rest since. */
const isWaking = ({ told }: Household): boolean =>
  told.findLast(({ type }) => type === 'operator.woken' || type === 'operator.hibernated')?.type ===
  'operator.woken';
const openings = (requests: readonly ModelRequest[]): string[] =>
  requests.filter(({ messages }) => messages.length === 1).map(({ messages }) => JSON.stringify(messages[0]));

test('healthy rounds wake nobody; what fires is reported once, until it is worse, and is told when it is over', async () => {
  const model = scripted([...report('warning', 10), ...report('warning', 20), nothing]);
  const house = keepHouse({ model });
  for (let n = 0; n < 5; n++) await house.round();
  expect(house.looks()).toBeGreaterThanOrEqual(5);
  expect(house.told).toEqual([]);
  expect(house.residents.tree().children).toMatchObject([{ id: 'operator-pump', status: 'hibernated' }]);

  house.data.bad = 10;
  let rested = house.next('operator.hibernated');
  await house.round();
  expect(await rested).toMatchObject({ operator: 'pump', wakeInMs: ROUND_MS });
  expect(house.told.find(({ type }) => type === 'operator.woken')).toMatchObject({
    why: 'check',
    detail: 'pump.hot',
  });
  for (let n = 0; n < 5; n++) await house.round();
  expect(model.requests).toHaveLength(3);
  expect(house.residents.tree().children).toMatchObject([
    { status: 'hibernated', restarts: 0, woken: { why: 'check', detail: 'pump.hot' } },
  ]);

  house.data.bad = 20;
  rested = house.next('operator.hibernated');
  await house.round();
  await rested;
  const found = house.told.filter((event) => event.type === 'operator.notification');
  expect(found.map(({ notification }) => notification.observation)).toEqual([
    'It is hot: 10.',
    'It is hot: 20.',
  ]);
  expect(openings(model.requests)[1]).toContain('It reads 10.');
  expect(openings(model.requests)[1]).toContain(found[0]?.notification.id);

  house.data.bad = 0;
  const over = house.next('finding.resolved');
  await house.round();
  await house.round();
  expect(await over).toMatchObject({
    operator: 'pump',
    notificationId: found[1]?.notification.id,
    investigationId: found[1]?.notification.investigationId,
    findingType: 'pump.hot',
  });

  house.data.bad = 10;
  rested = house.next('operator.hibernated');
  await house.round();
  await rested;
  expect(openings(model.requests)[2]).toContain('resolvedSince');
});

test('what fires on although the model sees all well again is over after two such rounds, and wakes no sooner', async () => {
  const well = calls(['set_state', { state: 'healthy', reason: 'No more than usual.' }], ['done']);
  const house = keepHouse({ model: scripted([...report(), well, well, nothing]), bad: 1 });
  await house.next('operator.hibernated');
  const over = house.next('finding.resolved');
  while (!house.told.some(({ type }) => type === 'finding.resolved')) {
    const rested = house.next('operator.hibernated');
    await house.round();
    // Time stands still while it is at work.
    if (isWaking(house)) await rested;
  }
  expect(house.told.filter(({ type }) => type === 'operator.completed')).toHaveLength(3);
  expect(await over).toMatchObject({ operator: 'pump', findingType: 'pump.hot' });
  for (let n = 0; n < 5; n++) await house.round();
  expect(house.told.filter(({ type }) => type === 'operator.woken')).toHaveLength(3);
});

test('a round that repeats what is known says nothing new', async () => {
  const model = scripted([...report(), ...report()]);
  const house = keepHouse({ model, gate: 'always', bad: 1 });
  for (let n = 0; n < 2; n++) {
    const rested = house.next('operator.hibernated');
    if (n > 0) await house.round();
    await rested;
  }
  expect(house.told.filter(({ type }) => type === 'operator.notification')).toHaveLength(1);
  expect(house.told.filter((event) => event.type === 'operator.woken').map(({ why }) => why)).toEqual([
    'check',
    'time',
  ]);
});

test('a wait of the model sets when it looks again, and what is over by then wakes nobody', async () => {
  const wait = calls(['wait', { ms: 45_000 }]);
  const house = keepHouse({ model: scripted([wait, wait, nothing]), bad: 1 });
  expect(await house.next('operator.hibernated')).toMatchObject({ wakeInMs: 45_000 });
  const woken = house.next('operator.woken');
  house.clock.advance(45_000);
  expect(await woken).toMatchObject({ why: 'time', detail: 'still: pump.hot' });
  await house.next('operator.hibernated');
  house.data.bad = 0;
  for (let n = 0; n < 3; n++) await house.round();
  expect(house.told.filter(({ type }) => type === 'operator.woken')).toHaveLength(2);
});

test('a timer that fires a moment early by the wall clock costs no round', async () => {
  const wait = calls(['wait', { ms: 45_000 }]);
  const house = keepHouse({ model: scripted([wait, nothing]), bad: 1, earlyMs: 1 });
  await house.next('operator.hibernated');
  const fromMs = house.clock.now();
  const wokenAtMs = house.next('operator.woken').then(() => house.clock.now());
  house.clock.advance(44_900);
  while (house.told.filter(({ type }) => type === 'operator.woken').length < 2) {
    house.clock.advance(1);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect((await wokenAtMs) - fromMs).toBeLessThan(45_100);
});

test('an anomaly or a stall makes it look at once', async () => {
  const house = keepHouse({ model: scripted([nothing, nothing]) });
  await house.round();
  const anomaly = { skill: 'pump', metric: 'flow', value: 9, expected: 1, deviation: 8, sinceMs: 0 };
  house.anomalies.push(anomaly);
  let rested = house.next('operator.hibernated');
  house.residents.onAnomaly(anomaly);
  await rested;
  house.data.bad = 1;
  rested = house.next('operator.hibernated');
  house.residents.onStall();
  await rested;
  expect(house.told.filter((event) => event.type === 'operator.woken')).toMatchObject([
    { why: 'anomaly', detail: 'anomaly:flow' },
    { why: 'stall', detail: 'pump.hot' },
  ]);
});

test('with the gate "checks" an anomaly wakes nobody, and without checks nothing could', async () => {
  const house = keepHouse({ model: scripted([]), gate: 'checks' });
  house.anomalies.push({ skill: 'pump', metric: 'flow', value: 9, expected: 1, deviation: 8, sinceMs: 0 });
  for (let n = 0; n < 3; n++) await house.round();
  expect(house.told).toEqual([]);
  expect(() => keepHouse({ model: scripted([]), gate: 'checks', hasChecks: false })).toThrow(
    /gate of "pump"/,
  );
});

test('a skill that cannot tell how it is is looked at, once, and what is not seen meanwhile is not over', async () => {
  const house = keepHouse({ model: scripted([...report(), nothing]), bad: 1 });
  await house.next('operator.hibernated');
  house.data.bad = 0;
  await house.round();
  house.data.fails = true;
  const rested = house.next('operator.hibernated');
  house.clock.advance(ROUND_MS);
  await rested;
  house.data.fails = false;
  house.data.bad = 1;
  for (let n = 0; n < 3; n++) await house.round();
  expect(house.told.filter((event) => event.type === 'operator.woken')).toMatchObject([
    { detail: 'pump.hot' },
    { detail: 'snapshot.failed' },
  ]);
  expect(house.told.map(({ type }) => type)).not.toContain('finding.resolved');
});

test('one that dies in a round is restarted, begins the round again, and knows what it had reported', async () => {
  const model = scripted([...report().slice(0, 2), never, ...report()]);
  const house = keepHouse({ model, bad: 1 });
  const failed = house.next('operator.failed');
  const restarted = house.next('operator.restarted');
  await house.next('operator.notification');
  await house.crash();
  expect(await failed).toMatchObject({ operator: 'pump' });
  expect(await restarted).toMatchObject({ operator: 'pump', attempt: 1, delayMs: 100 });
  expect(house.told.find(({ type }) => type === 'operator.completed')).toMatchObject({
    result: { status: 'failed', notifications: [{ type: 'pump.hot' }], error: { code: 'actor_exited' } },
  });
  expect(house.residents.tree().children).toMatchObject([{ status: 'restarting', restart: 'permanent' }]);
  const rested = house.next('operator.hibernated');
  house.clock.advance(100);
  await rested;
  expect(house.told.filter(({ type }) => type === 'operator.notification')).toHaveLength(1);
  expect(house.residents.tree().children).toMatchObject([{ status: 'hibernated', restarts: 1 }]);
});

test('a temporary one that dies stays down, until a new version takes its place', async () => {
  const model = scripted([calls(['take_snapshot']), never, ...report()]);
  const house = keepHouse({ model, bad: 1, restart: 'temporary' });
  const failed = house.next('operator.failed');
  await house.next('operator.step');
  await house.crash();
  await failed;
  for (let n = 0; n < 3; n++) house.clock.advance(ROUND_MS);
  expect(house.residents.tree().children).toMatchObject([{ status: 'stopped', restart: 'temporary' }]);
  const rested = house.next('operator.hibernated');
  const spec = house.world.spec({ mode: 'continuous', restart: 'permanent' }, { roundEveryMs: ROUND_MS });
  await house.residents.replace({ spec, gate: 'anomaly' }, true);
  await rested;
  expect(house.told.map(({ type }) => type)).toContain('operator.replaced');
});

test('a new version takes the place of one at work, and of one at rest; it knows what was said of the same skill', async () => {
  const model = scripted([...report().slice(0, 2), never, ...report(), ...report()]);
  const house = keepHouse({ model, bad: 1 });
  await house.next('operator.notification');
  const spec = house.world.spec({ mode: 'continuous' }, { roundEveryMs: ROUND_MS });
  let rested = house.next('operator.hibernated');
  await house.residents.replace({ spec, gate: 'anomaly' }, true);
  await rested;
  const said = (): number => house.told.filter(({ type }) => type === 'operator.notification').length;
  expect(said()).toBe(1);
  rested = house.next('operator.hibernated');
  const over = house.next('finding.resolved');
  await house.residents.replace({ spec, gate: 'anomaly' }, false);
  const first = house.told.find((event) => event.type === 'operator.notification');
  expect(await over).toMatchObject({ notificationId: first?.notification.id });
  await rested;
  expect(said()).toBe(2);
  expect(house.told.filter(({ type }) => type === 'finding.resolved')).toHaveLength(1);
  expect(house.told.filter(({ type }) => type === 'operator.replaced')).toHaveLength(2);
  await expect(
    house.residents.replace({ spec: { ...spec, name: 'nobody' }, gate: 'always' }, true),
  ).rejects.toMatchObject({ code: 'operator_unknown' });
});

test('after a stop nothing begins: no round of one that was being woken, and no look of one that was being replaced', async () => {
  const waking = keepHouse({ model: scripted([]), bad: 1 });
  await waking.next('operator.woken');
  await waking.residents.stop();
  const replaced = keepHouse({ model: scripted([calls(['take_snapshot']), never]), bad: 1 });
  await replaced.next('operator.step');
  const spec = replaced.world.spec({ mode: 'continuous' }, { roundEveryMs: ROUND_MS });
  const replacing = replaced.residents.replace({ spec, gate: 'always' }, true);
  await replaced.residents.stop();
  await replacing;
  expect(waking.told.map(({ type }) => type)).toEqual(['operator.woken']);
  expect(replaced.told.map(({ type }) => type).at(-1)).toBe('operator.completed');
  const resting = keepHouse({ model: scripted([]) });
  await resting.round();
  await resting.residents.stop();
  const late = resting.residents.replace({ spec, gate: 'always' }, true);
  await expect(late).rejects.toMatchObject({ code: 'host_closed' });
  for (const house of [waking, replaced, resting]) {
    const looks = house.looks();
    house.clock.advance(10 * ROUND_MS);
    expect(house.looks()).toBe(looks);
  }
});

test('where memory is short nobody is woken, and who should have been is as soon as there is some', async () => {
  const house = keepHouse({ model: scripted([nothing]) });
  await house.round();
  house.data.bad = 1;
  house.data.freeMb = 20;
  const failed = house.next('operator.failed');
  house.clock.advance(ROUND_MS);
  expect(await failed).toMatchObject({ operator: 'pump', message: expect.stringContaining('20 MB') });
  house.data.bad = 0;
  house.data.freeMb = 500;
  const rested = house.next('operator.hibernated');
  house.clock.advance(ROUND_MS);
  await rested;
  expect(house.told.map(({ type }) => type)).not.toContain('operator.restarted');
});

test('a model that never answers ends the round after an hour, and owes it', async () => {
  const asked = Promise.withResolvers<void>();
  const silent: Answer = () => {
    asked.resolve();
    return new Promise(() => undefined);
  };
  const house = keepHouse({ model: scripted([silent, nothing]), bad: 1 });
  await asked.promise;
  let rested = house.next('operator.hibernated');
  house.clock.advance(3_600_000);
  expect(await rested).toMatchObject({ wakeInMs: ROUND_MS });
  expect(house.told.find(({ type }) => type === 'operator.completed')).toMatchObject({
    result: { status: 'deadline_exceeded' },
  });
  rested = house.next('operator.hibernated');
  house.clock.advance(ROUND_MS);
  await rested;
});

test('a model that fails owes the round: it is tried again, with longer and longer pauses', async () => {
  const house = keepHouse({ model: scripted([new Error('no'), new Error('no'), nothing]), bad: 1 });
  expect(await house.next('operator.hibernated')).toMatchObject({ wakeInMs: ROUND_MS });
  house.data.bad = 0;
  let rested = house.next('operator.hibernated');
  house.clock.advance(ROUND_MS);
  expect(await rested).toMatchObject({ wakeInMs: 2 * ROUND_MS });
  rested = house.next('operator.hibernated');
  house.clock.advance(2 * ROUND_MS);
  expect(await rested).toMatchObject({ wakeInMs: ROUND_MS });
  expect(
    house.told.filter((event) => event.type === 'operator.completed').map(({ result }) => result.status),
  ).toEqual(['failed', 'failed', 'completed']);
});
