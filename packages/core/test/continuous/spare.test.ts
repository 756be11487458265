// The thread in reserve: real ones, at the time of the test.
import { expect, test } from 'vitest';
import { type Answer, calls, scripted } from '../operator/scripted.ts';
import { type Household, keepHouse, ROUND_MS } from './household.ts';

const nothing = calls(['done']);
const CALM_MS = 1_000;

/** Looks at once, and fires. */
function fire(house: Household): void {
  house.data.bad = 1;
  house.residents.onStall();
}

test('who is woken takes it; the next one is made when all is calm', async () => {
  const house = keepHouse({ model: scripted([nothing]), isThreaded: true });
  house.clock.advance(CALM_MS - 1);
  expect(house.spares).toEqual([]);
  house.clock.advance(1);
  expect(house.spares).toHaveLength(1);
  const rested = house.next('operator.hibernated');
  fire(house);
  await rested;
  expect(house.spares).toMatchObject([{ takenBy: 'operator-pump' }]);
  expect(house.started).toHaveLength(1);
  expect(await house.started[0]?.exited).toMatchObject({ kind: 'normal' });
  house.clock.advance(CALM_MS - 1);
  expect(house.spares).toHaveLength(1);
  house.clock.advance(1);
  expect(house.spares).toHaveLength(2);
});

test('of several that are woken one takes it, and the others start as they would without', async () => {
  const names = ['pump', 'valve', 'tank'];
  const house = keepHouse({ model: scripted(names.map(() => nothing)), names, isThreaded: true });
  house.clock.advance(CALM_MS);
  fire(house);
  for (const _ of names) await house.next('operator.completed');
  expect(house.spares).toMatchObject([{ takenBy: 'operator-pump' }]);
  expect(house.started).toHaveLength(3);
});

test('one that dies on it is restarted as any other, on the next one if that is there', async () => {
  let isStuck = true;
  const answer: Answer = () => (isStuck ? new Promise(() => undefined) : nothing);
  const house = keepHouse({ model: scripted([answer, answer, answer]), isThreaded: true });
  house.clock.advance(CALM_MS);
  let ready = house.nextStart();
  fire(house);
  await ready;
  const failed = house.next('operator.failed');
  let restarted = house.next('operator.restarted');
  await house.crash();
  expect(await failed).toMatchObject({ operator: 'pump' });
  expect(await restarted).toMatchObject({ attempt: 1, delayMs: 100 });
  ready = house.nextStart();
  house.clock.advance(100);
  await ready;
  expect(house.spares).toHaveLength(1);
  house.clock.advance(CALM_MS);
  expect(house.spares).toHaveLength(2);
  restarted = house.next('operator.restarted');
  await house.crash();
  const { delayMs } = await restarted;
  isStuck = false;
  const rested = house.next('operator.hibernated');
  house.clock.advance(delayMs);
  await rested;
  expect(house.spares).toMatchObject([{ takenBy: 'operator-pump' }, { takenBy: 'operator-pump' }]);
  expect(house.residents.tree().children).toMatchObject([{ status: 'hibernated', restarts: 2 }]);
});

test('a round that is foreseen has a thread of its own, so that it stays for who is not', async () => {
  const wait = calls(['wait', { ms: 45_000 }]);
  const house = keepHouse({ model: scripted([wait, nothing]), bad: 1, isThreaded: true });
  await house.next('operator.hibernated');
  house.clock.advance(CALM_MS);
  expect(house.spares).toHaveLength(1);
  const rested = house.next('operator.hibernated');
  house.clock.advance(45_000 - CALM_MS);
  await rested;
  expect(house.started).toHaveLength(2);
  expect(house.spares[0]?.takenBy).toBeUndefined();
});

test('when it dies it is made again, later and later, and nobody is told', async () => {
  const house = keepHouse({ model: scripted([nothing]), isThreaded: true });
  house.clock.advance(CALM_MS);
  for (const [deaths, backoffMs] of [2_000, 4_000, 8_000].entries()) {
    const latest = house.spares.at(-1)?.thread;
    latest?.end();
    await latest?.ended;
    house.clock.advance(backoffMs - 1);
    expect(house.spares).toHaveLength(deaths + 1);
    house.clock.advance(1);
    expect(house.spares).toHaveLength(deaths + 2);
  }
  expect(house.told).toEqual([]);
  const rested = house.next('operator.hibernated');
  fire(house);
  await rested;
  expect(house.spares.at(-1)).toMatchObject({ takenBy: 'operator-pump' });
});

test('it ends with its household', async () => {
  const house = keepHouse({ model: scripted([]), isThreaded: true });
  house.clock.advance(CALM_MS);
  await house.residents.stop();
  await house.spares[0]?.thread.ended;
  house.clock.advance(10 * ROUND_MS);
  expect(house.spares).toHaveLength(1);
});

test('there is none where all rounds are foreseen, nor where a run would have no room beside it', async () => {
  const always = keepHouse({ model: scripted([nothing, nothing]), gate: 'always', isThreaded: true });
  await always.next('operator.hibernated');
  always.clock.advance(2 * CALM_MS);
  expect(always.spares).toEqual([]);

  const house = keepHouse({ model: scripted([nothing]), isThreaded: true });
  house.data.freeMb = 90;
  house.clock.advance(2 * CALM_MS);
  expect(house.spares).toEqual([]);
  house.data.freeMb = 100;
  house.clock.advance(60_000);
  expect(house.spares).toHaveLength(1);
  // Its memory is taken already.
  house.data.freeMb = 70;
  const rested = house.next('operator.hibernated');
  fire(house);
  await rested;
  expect(house.told.map(({ type }) => type)).not.toContain('operator.failed');
});
