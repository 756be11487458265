// The schedule of a chaos run comes from its seed alone, and keeps to the restart intensities.
import { expect, test } from 'vitest';
import { detectedWithinMs, isLethal, lethalFaults } from '../../src/chaos/faults.ts';
import { type Action, createSchedule, type FaultAction } from '../../src/chaos/schedule.ts';

const MINUTES_MS = 5 * 60_000;
const schedule = (seed: number, durationMs = MINUTES_MS): readonly Action[] =>
  createSchedule({ seed, durationMs, continuous: ['watch-a', 'watch-b'] });
const seeds = Array.from({ length: 50 }, (_, seed) => seed);

/** Those that end what a supervisor starts again. */
const endings = (actions: readonly Action[]): readonly FaultAction[] =>
  actions.filter(
    (action): action is FaultAction =>
      action.type === 'fault' &&
      (action.place === 'launcher' ||
        (action.place !== 'main-skill' && (lethalFaults as readonly string[]).includes(action.fault))),
  );

test('a seed gives the same schedule every time, and another seed another one', () => {
  expect(schedule(7)).toEqual(schedule(7));
  expect(schedule(7)).not.toEqual(schedule(8));
});

test('actions come in order, within the phase, each with an id of its own', () => {
  for (const seed of seeds) {
    const actions = schedule(seed);
    const times = actions.map(({ atMs }) => atMs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(Math.min(...times)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...times)).toBeLessThan(MINUTES_MS);
    const ids = actions.map((action) => (action.type === 'fault' ? action.id : action.order.id));
    expect(new Set(ids).size).toBe(ids.length);
  }
});

test('no restart intensity is exceeded by the schedule itself', () => {
  for (const seed of seeds) {
    const found = endings(schedule(seed));
    expect(found.filter(({ place }) => place === 'recorder').length).toBeLessThanOrEqual(3);
    for (const [index, { atMs, place, fault }] of found.entries()) {
      const next = found[index + 1];
      if (next !== undefined)
        expect(next.atMs - atMs).toBeGreaterThanOrEqual(detectedWithinMs(place, fault) + 8_000);
    }
  }
});

test('nothing lethal is asked of the coordinator on main', () => {
  for (const seed of seeds)
    for (const action of schedule(seed))
      if (action.type === 'coordinator-run' && action.order.coordinator !== undefined)
        expect(isLethal(action.order.coordinator)).toBe(false);
});

test('five minutes end every place in every way that it can be ended', () => {
  const all = new Set(
    seeds.flatMap((seed) => endings(schedule(seed)).map(({ place, fault }) => `${place} ${fault}`)),
  );
  expect(all.size).toBe(2 * lethalFaults.length + 3);
});

test('a short run ends something that hangs on the recorder, and then the recorder', () => {
  for (const seed of seeds) {
    const places = endings(schedule(seed, 10_000)).map(({ place }) => place);
    expect(places).toHaveLength(2);
    expect(places[1]).toBe('recorder');
  }
});
