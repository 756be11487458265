// What the store does not take is offered again, in order, until it does.
import { ManualClock } from '@nodelens/testing';
import { expect, test } from 'vitest';
import { createInsistent } from '../../src/recorder/store/insistent.ts';

function lab() {
  const clock = new ManualClock(0);
  const written: string[] = [];
  let isAway = true;
  let offers = 0;
  const insistent = createInsistent(clock);
  const write = (key: string, text: string): boolean =>
    insistent.write(key, () => {
      offers += 1;
      if (isAway) throw new Error('the store is away');
      written.push(text);
    });
  return {
    clock,
    written,
    write,
    close: insistent.close,
    offers: () => offers,
    back: () => {
      isAway = false;
    },
  };
}

test('what is taken is written at once, and nothing waits', () => {
  const { clock, write, written, back } = lab();
  back();
  expect(write('a', 'first')).toBe(true);
  expect(written).toEqual(['first']);
  expect(clock.pending).toBe(0);
});

test('what is refused is offered less and less often; of one key only the latest', () => {
  const { clock, write, written, offers, back } = lab();
  expect([write('a', 'old'), write('b', 'other'), write('a', 'new')]).toEqual([false, false, false]);
  expect(offers()).toBe(3);
  for (const seconds of [1, 2, 4, 8, 10, 10]) clock.advance(seconds * 1_000);
  // One try tells of all.
  expect(offers()).toBe(9);
  back();
  clock.advance(10_000);
  expect(written).toEqual(['other', 'new']);
  expect(clock.pending).toBe(0);
});

test('200 wait at most; who closes offers them once more', () => {
  const { clock, write, written, close, back } = lab();
  for (let n = 0; n < 250; n++) write(`${n}`, `${n}`);
  back();
  close();
  expect(written).toHaveLength(200);
  expect(written[0]).toBe('50');
  expect(clock.pending).toBe(0);
});
