import { expect, test } from 'vitest';
import type { CodeLocation } from '../../src/recorder/context.ts';
import { blame, blameable, countStacks, isUserCode } from '../../src/recorder/instruments/stack.ts';

const at = (name: string, file: string, line = 1): CodeLocation => ({ name, file, line });
const app = (name: string, line = 1): CodeLocation => at(name, '/app/service.js', line);
const library = at('merge', '/app/node_modules/deep/index.js');
const internal = at('listOnTimeout', 'node:internal/timers');

test.for([
  ['/app/service.js', true],
  ['/app/node_modules/deep/index.js', true],
  ['node:internal/timers', false],
  ['', false],
  ['/app/node_modules/@nodelens/core/dist/recorder/probes.js', false],
  ['/app/node_modules/nodelens/dist/register.js', false],
  [new URL('../../src/recorder/on-main/probes.ts', import.meta.url).pathname, false],
  [new URL('./fixtures/blocks.ts', import.meta.url).pathname, true],
] as const)('%s is user code: %s', ([file, expected]) => {
  expect(isUserCode(at('f', file))).toBe(expected);
});

test('the app is blamed before its dependencies, these where there is nothing else', () => {
  expect(blameable([internal, library, app('handler')])).toEqual([app('handler')]);
  expect(blameable([internal, library])).toEqual([library]);
  expect(blameable([internal])).toEqual([]);
});

test('the innermost function that all stacks share is the culprit', () => {
  const result = blame([{ frames: [app('inner'), app('outer'), internal], count: 4 }]);
  expect(result).toMatchObject({ culprit: { name: 'inner' }, samples: 4, culpritSamples: 4 });
});

test('many small helpers are booked on the function that calls them all', () => {
  const stacks = ['a', 'b', 'c'].map((name) => ({
    frames: [app(name), app('outer'), app('main')],
    count: 2,
  }));
  expect(blame(stacks)).toMatchObject({ culprit: { name: 'outer' }, samples: 6, culpritSamples: 6 });
});

test.for([
  ['as the function that it is written in', [app('(anonymous)'), app('find'), app('main')], 'find'],
  ['over several of them', [app(''), app('(anonymous)'), app('find')], 'find'],
  ['by its own place at the end of the stack', [app('(anonymous)', 7)], '(anonymous)'],
  ['by its own place below another file', [app('(anonymous)'), at('run', '/app/pool.js')], '(anonymous)'],
] as const)('a function without a name is told %s', ([, frames, name]) => {
  expect(blame([{ frames, count: 3 }])).toMatchObject({ culprit: { name }, culpritSamples: 3 });
});

test('a stack from elsewhere does not change the verdict', () => {
  const result = blame([
    { frames: [app('elsewhere')], count: 1 },
    { frames: [app('slow', 12), app('main')], count: 5 },
  ]);
  expect(result).toMatchObject({ culprit: { name: 'slow', line: 12 }, samples: 6, culpritSamples: 5 });
});

test('a first look that shares only its caller with the others does not make that the culprit', () => {
  const result = blame([
    { frames: [app('before', 3), app('(anonymous)', 40)], count: 1 },
    ...[5, 6, 7].map((line) => ({ frames: [app('slow', line), app('(anonymous)', 90)], count: 1 })),
  ]);
  expect(result).toMatchObject({ culprit: { name: 'slow', line: 5 }, samples: 4, culpritSamples: 3 });
});

test('without a function of the user nobody is blamed', () => {
  expect(blame([{ frames: [internal], count: 3 }])).toEqual({
    stack: [internal],
    samples: 3,
    culpritSamples: 0,
  });
  expect(blame([])).toEqual({ stack: [], samples: 0, culpritSamples: 0 });
});

test('equal stacks are counted together', () => {
  const frames = [app('f', 3)];
  expect(
    countStacks([
      { frames, count: 1 },
      { frames: [app('f', 4)], count: 1 },
      { frames, count: 2 },
    ]),
  ).toEqual([
    { frames, count: 3 },
    { frames: [app('f', 4)], count: 1 },
  ]);
});
