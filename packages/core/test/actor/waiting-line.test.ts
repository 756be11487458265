import fc from 'fast-check';
import { expect, test } from 'vitest';
import { WaitingLine } from '../../src/actor/hosts/waiting-line.ts';

const lineOf = (...items: string[]): WaitingLine<string> => {
  const line = new WaitingLine<string>();
  for (const item of items) line.add(item.charAt(0), item);
  return line;
};
const drain = (line: WaitingLine<string>): string[] => {
  const taken: string[] = [];
  for (let item = line.take(); item !== undefined; item = line.take()) taken.push(item);
  return taken;
};

test('callers take turns, and each one goes in its own order', () => {
  expect(drain(lineOf('a1', 'a2', 'a3', 'b1', 'c1', 'c2'))).toEqual(['a1', 'b1', 'c1', 'a2', 'c2', 'a3']);
});

test('who comes late waits for one of each other caller, however much they asked for', () => {
  const line = lineOf('a1', 'a2', 'a3', 'a4');
  line.take();
  line.add('b', 'b1');
  expect(drain(line)).toEqual(['a2', 'b1', 'a3', 'a4']);
});

test('who is taken out of the line leaves the turns of the others as they were', () => {
  const line = lineOf('a1', 'a2', 'b1', 'c1');
  expect(line.remove('b', 'b1')).toBe(true);
  expect(line.remove('b', 'b1')).toBe(false);
  expect(line.remove('a', 'a1')).toBe(true);
  expect(line.size).toBe(2);
  expect(drain(line)).toEqual(['a2', 'c1']);
});

test('nobody is lost, and nobody is passed by another caller twice', () => {
  const callers = fc.constantFrom('a', 'b', 'c');
  fc.assert(
    fc.property(fc.array(callers, { maxLength: 30 }), (asked) => {
      const items = asked.map((caller, index) => `${caller}${index}`);
      const taken = drain(lineOf(...items));
      expect(taken.toSorted()).toEqual(items.toSorted());
      // Between two of one caller, each other caller has at most one turn.
      for (const caller of new Set(asked)) {
        const others = taken
          .join(' ')
          .split(new RegExp(`${caller}\\d+`))
          .slice(1, -1);
        for (const between of others)
          for (const other of 'abc') expect(between.split(other).length).toBeLessThanOrEqual(2);
      }
    }),
    { seed: 6, numRuns: 100 },
  );
});
