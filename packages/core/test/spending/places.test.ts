import { expect, test } from 'vitest';
import { createPlaces, type Place, type Places } from '../../src/spending/places.ts';

const allowed = { assertAllowed: () => undefined, onBegin: () => undefined };
const taken = (places: Places, count: number): Place[] =>
  Array.from({ length: count }, () => places.take(allowed));
const begun = (all: readonly Place[]): number[] => all.flatMap((place, i) => (place.hasBegun() ? [i] : []));

test('so many begin at once, the others in order of arrival; who leaves the line is not waited for', () => {
  const places = createPlaces(2);
  const all = taken(places, 5);
  expect(begun(all)).toEqual([0, 1]);
  all[2]?.release();
  all[0]?.release();
  all[0]?.release();
  expect(begun(all)).toEqual([1, 3]);
  expect(places.waiting()).toBe(1);
});

test('it is full with sixteen waiting', () => {
  const places = createPlaces(1);
  taken(places, 16);
  expect(places.isFull()).toBe(false);
  taken(places, 1);
  expect(places.isFull()).toBe(true);
});

test('who is refused when the turn comes is told, and the next one has it', async () => {
  const places = createPlaces(1);
  const [first] = taken(places, 1);
  let isRefused = false;
  const refused = places.take({
    ...allowed,
    assertAllowed: () => {
      if (isRefused) throw new Error('not any more');
    },
  });
  const [last] = taken(places, 1);
  isRefused = true;
  first?.release();
  await expect(refused.turn).rejects.toThrow('not any more');
  await last?.turn;
  expect(last?.hasBegun()).toBe(true);
});
