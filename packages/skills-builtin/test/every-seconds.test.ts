import { expect, test } from 'vitest';
import { everyFewSeconds } from '../src/every-seconds.ts';

function paced(mayWait: () => boolean): { pass(seconds: number, isAtRest: boolean): number } {
  let second: (isAtRest: boolean) => void = () => undefined;
  let calls = 0;
  const everySecond = (listener: typeof second): void => {
    second = listener;
  };
  everyFewSeconds({ everySecond }, { inUse: 5, atRest: 15, mayWait }, () => {
    calls += 1;
  });
  return {
    pass(seconds, isAtRest) {
      const before = calls;
      for (let passed = 0; passed < seconds; passed += 1) second(isAtRest);
      return calls - before;
    },
  };
}

test('what may wait at rest waits no longer once something happens', () => {
  const { pass } = paced(() => true);
  expect(pass(15, false)).toBe(3);
  expect(pass(45, true)).toBe(3);
  expect(pass(10, true)).toBe(0);
  expect(pass(1, false)).toBe(1);
  expect(pass(5, false)).toBe(1);
});

test('what may not wait is done at full pace at rest, too', () => {
  expect(paced(() => false).pass(15, true)).toBe(3);
});
