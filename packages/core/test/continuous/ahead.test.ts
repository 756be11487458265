// Threads that are started ahead of a round: real ones, at the time of the test.
import { expect, test } from 'vitest';
import { initialResident, isForeseen } from '../../src/continuous/resident-state.ts';
import { calls, scripted } from '../operator/scripted.ts';
import { keepHouse, ROUND_MS } from './household.ts';

const nothing = calls(['done']);
/** The time of the test stands still while a thread starts: the least that there is. */
const LEAD_MS = 20;

test('a round that is foreseen finds its thread ready, and the tree shows one at rest until it begins', async () => {
  const house = keepHouse({ model: scripted([nothing, nothing]), gate: 'always', isThreaded: true });
  await house.next('operator.hibernated');
  expect(house.started).toHaveLength(1);
  house.clock.advance(ROUND_MS - LEAD_MS - 1);
  const ready = house.nextStart();
  expect(house.residents.tree().children).toMatchObject([{ status: 'hibernated' }]);
  house.clock.advance(1);
  await ready;
  expect(house.residents.tree().children).toMatchObject([{ status: 'hibernated', restarts: 0 }]);
  expect(house.told.filter(({ type }) => type === 'operator.woken')).toHaveLength(1);
  const rested = house.next('operator.hibernated');
  house.clock.advance(LEAD_MS);
  await rested;
  expect(house.started).toHaveLength(2);
  expect(await house.started[1]?.exited).toMatchObject({ kind: 'normal' });
});

test('what is foreseen and does not come has its thread ended', async () => {
  const wait = calls(['wait', { ms: 45_000 }]);
  const house = keepHouse({ model: scripted([wait, wait]), bad: 1, isThreaded: true });
  await house.next('operator.hibernated');
  house.data.bad = 1;
  const ready = house.nextStart();
  house.clock.advance(45_000 - LEAD_MS);
  const ahead = await ready;
  house.data.bad = 0;
  // The look that is due finds nothing.
  house.clock.advance(LEAD_MS);
  house.clock.advance(1_000);
  expect(await ahead.exited).toMatchObject({ kind: 'shutdown' });
  expect(house.told.filter(({ type }) => type === 'operator.woken')).toHaveLength(1);
  expect(house.started).toHaveLength(2);
});

test('a thread that waits ends with its household, and makes way for a new version', async () => {
  const house = keepHouse({ model: scripted([nothing, nothing]), gate: 'always', isThreaded: true });
  await house.next('operator.hibernated');
  let ready = house.nextStart();
  house.clock.advance(ROUND_MS - LEAD_MS);
  const old = await ready;
  const spec = house.world.spec({ mode: 'continuous', restart: 'permanent' }, { roundEveryMs: ROUND_MS });
  const rested = house.next('operator.hibernated');
  await house.residents.replace({ spec, gate: 'always' }, true);
  expect(await old.exited).toMatchObject({ kind: 'shutdown' });
  await rested;
  expect(house.started).toHaveLength(3);
  ready = house.nextStart();
  house.clock.advance(ROUND_MS - LEAD_MS);
  const last = await ready;
  await house.residents.stop();
  expect(await last.exited).toMatchObject({ kind: 'shutdown' });
});

test('one that dies while it waits was no life: the round has another, and nothing is told', async () => {
  const house = keepHouse({ model: scripted([nothing, nothing]), gate: 'always', isThreaded: true });
  await house.next('operator.hibernated');
  const ready = house.nextStart();
  house.clock.advance(ROUND_MS - LEAD_MS);
  await ready;
  await house.crash();
  const rested = house.next('operator.hibernated');
  house.clock.advance(LEAD_MS);
  await rested;
  expect(house.started).toHaveLength(3);
  expect(house.told.map(({ type }) => type)).not.toContain('operator.failed');
  expect(house.residents.tree().children).toMatchObject([{ status: 'hibernated', restarts: 0 }]);
});

test('where memory is short no thread is started ahead', async () => {
  const house = keepHouse({ model: scripted([nothing, nothing]), gate: 'always', isThreaded: true });
  await house.next('operator.hibernated');
  house.data.freeMb = 20;
  house.clock.advance(ROUND_MS - 1);
  expect(house.begun()).toBe(1);
  house.data.freeMb = 500;
  const rested = house.next('operator.hibernated');
  house.clock.advance(1);
  await rested;
  expect(house.started).toHaveLength(2);
});

test.each([
  { gate: 'always', state: {}, foreseen: true },
  { gate: 'anomaly', state: {}, foreseen: false },
  { gate: 'anomaly', state: { failedRounds: 1 }, foreseen: true },
  {
    gate: 'checks',
    state: { causes: [{ id: 'a', kind: 'check', key: 'a', figures: {} }] },
    foreseen: true,
  },
] as const)(
  'a look that is due: $state with the gate $gate is foreseen: $foreseen',
  ({ gate, state, foreseen }) => {
    expect(isForeseen({ ...initialResident(), ...state }, { gate, repeatAfterMs: 1 })).toBe(foreseen);
  },
);
