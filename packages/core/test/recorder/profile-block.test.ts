import { expect, test } from 'vitest';
import { compactProfile, stacksOf } from '../../src/recorder/instruments/profile-block.ts';

const node = (id: number, functionName: string, children: number[] = [], line = 0) => ({
  id,
  callFrame: {
    functionName,
    scriptId: '7',
    url: functionName ? 'file:///app.js' : '',
    lineNumber: line,
    columnNumber: 0,
  },
  children,
  positionTicks:
    functionName === 'leaf'
      ? [
          { line: 30, ticks: 1 },
          { line: 31, ticks: 5 },
        ]
      : [],
});

const profile = {
  startTime: 1_000_000,
  endTime: 1_040_000,
  nodes: [
    node(1, '', [2, 4]),
    node(2, 'outer', [3], 9),
    node(3, 'leaf', [], 19),
    node(4, 'other\twith\ntabs'),
  ],
  samples: [3, 3, 2, 4],
  timeDeltas: [0, 10_000, 10_000, 10_000],
};

test('stacks of a window are counted, innermost first, with the hottest line of the leaf', () => {
  const block = compactProfile(profile, () => {});
  expect(block).toMatchObject({ from: 1_000, to: 1_040 });
  const stacks = stacksOf(block, 1_000, 1_015);
  expect(stacks).toHaveLength(1);
  expect(stacks[0]).toMatchObject({ count: 2, hotLine: 31 });
  expect(stacks[0]?.frames.map(({ name, line }) => [name, line])).toEqual([
    ['leaf', 20],
    ['outer', 10],
  ]);
});

test('a window beside the block is empty, a whole one has all samples', () => {
  const block = compactProfile(profile, () => {});
  expect(stacksOf(block, 2_000, 3_000)).toEqual([]);
  const all = stacksOf(block, 0, Number.POSITIVE_INFINITY);
  expect(all.reduce((sum, { count }) => sum + count, 0)).toBe(4);
});

test('names that contain separators stay one name', () => {
  const block = compactProfile(profile, () => {});
  const [last] = stacksOf(block, 1_030, 1_030);
  expect(last?.frames).toEqual([{ name: 'other with tabs', url: 'file:///app.js', line: 1, column: 1 }]);
});

test('every script is noted on the way', () => {
  const noted = new Map<string, string>();
  compactProfile(profile, (scriptId, url) => void noted.set(scriptId, url));
  expect([...noted]).toEqual([['7', 'file:///app.js']]);
});
