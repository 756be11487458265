import { expect, test } from 'vitest';
import { ManualClock } from '../src/manual-clock.ts';

test('due timers run in order of time, then of making, each at its own time', () => {
  const clock = new ManualClock(1_000);
  const ran: [string, number][] = [];
  const note = (name: string) => () => ran.push([name, clock.now()]);
  clock.after(30, note('late'));
  clock.after(10, note('first'));
  clock.after(10, note('second'));
  clock.every(15, note('every'));
  clock.advance(30);
  expect(ran).toEqual([
    ['first', 1_010],
    ['second', 1_010],
    ['every', 1_015],
    ['late', 1_030],
    ['every', 1_030],
  ]);
  expect(clock.now()).toBe(1_030);
});

test('a timer made by a timer runs in the same advance when it is due', () => {
  const clock = new ManualClock();
  const ran: number[] = [];
  clock.after(5, () => clock.after(5, () => ran.push(clock.now())));
  clock.advance(9);
  expect(ran).toEqual([]);
  clock.advance(1);
  expect(ran).toEqual([10]);
});

test('an undone timer does not run', () => {
  const clock = new ManualClock();
  const ran: string[] = [];
  const undo = clock.every(10, () => ran.push('x'));
  clock.advance(25);
  undo();
  clock.advance(100);
  expect(ran).toEqual(['x', 'x']);
  expect(clock.pending).toBe(0);
});

test('an interval of 0 would never end and is refused', () => {
  expect(() => new ManualClock().every(0, () => {})).toThrow(RangeError);
});
