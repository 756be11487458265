import { ManualClock } from '@nodelens/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Deadlines, type Timed } from '../../src/actor/deadlines.ts';

interface Item extends Timed {
  readonly id: number;
}

const item = (id: number): Item => ({ id, dueAtMs: 0, place: -1 });

test('each is due at its own time, in order, unless it was removed; one timer for all', () => {
  const step = fc.oneof(
    fc.record({ add: fc.integer({ min: 1, max: 30 }) }),
    fc.record({ remove: fc.nat(20) }),
    fc.record({ advance: fc.integer({ min: 1, max: 10 }) }),
  );
  const property = fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (steps) => {
    const clock = new ManualClock();
    const due: { id: number; atMs: number }[] = [];
    const deadlines = new Deadlines<Item>(clock, ({ id }) => due.push({ id, atMs: clock.now() }));
    const items: Item[] = [];
    const dueAt = new Map<number, number>();
    for (const next of steps) {
      if ('add' in next) {
        const added = item(items.length);
        items.push(added);
        dueAt.set(added.id, clock.now() + next.add);
        deadlines.add(added, next.add);
      } else if ('remove' in next) {
        const removed = items[next.remove];
        if (removed === undefined) continue;
        if (!due.some(({ id }) => id === removed.id)) dueAt.delete(removed.id);
        deadlines.remove(removed);
      } else clock.advance(next.advance);
      if (clock.pending > 1) throw new Error('more than one timer');
    }
    clock.advance(100);
    const found = due.map(({ id, atMs }) => `${id} at ${atMs}`).toSorted();
    expect(found).toEqual([...dueAt].map(([id, atMs]) => `${id} at ${atMs}`).toSorted());
    expect(due.map(({ atMs }) => atMs)).toEqual(due.map(({ atMs }) => atMs).toSorted((a, b) => a - b));
    expect(clock.pending).toBe(0);
  });
  fc.assert(property, { numRuns: 2_000, seed: 20_261_130 });
});

test('what is cleared is never due and leaves no timer', () => {
  const clock = new ManualClock();
  const due: number[] = [];
  const deadlines = new Deadlines<Item>(clock, ({ id }) => due.push(id));
  deadlines.add(item(1), 10);
  deadlines.clear();
  clock.advance(20);
  expect([due, clock.pending]).toEqual([[], 0]);
});
