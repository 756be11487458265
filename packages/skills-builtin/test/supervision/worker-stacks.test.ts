import { expect, test } from 'vitest';
import { sharesOf } from '../../src/supervision/worker-stacks.ts';

const stack = (...frames: readonly string[]): string =>
  ['Error', '    at <anonymous>:5:23', ...frames.map((frame) => `    at ${frame}`)].join('\n');
const dispatch = 'MessagePort.<anonymous> (node:internal/per_context/messageport:23:28)';

test('what is in all stacks is told from what it calls', () => {
  const holder = 'planTour (file:///srv/tour.mjs:9:3)';
  const shares = sharesOf([
    stack('swap (file:///srv/tour.mjs:30:1)', holder, dispatch),
    stack('planTour (file:///srv/tour.mjs:12:3)', dispatch),
    stack('pick (file:///srv/node_modules/x/pick.js:1:1)', holder, dispatch),
    stack('cost (file:///srv/tour.mjs:40:1)', holder, dispatch),
  ]);
  expect(shares).toMatchObject([
    { frame: { name: 'cost', file: '/srv/tour.mjs', line: 40 }, share: 0.25 },
    { frame: { name: 'planTour', line: 9 }, share: 1 },
  ]);
});

test.each([[[]], [['']], [['nothing of a stack']]])('of %j nothing is made', (texts) => {
  expect(sharesOf(texts)).toEqual([]);
});
