import { expect, test } from 'vitest';
import { functionsOf } from '../../src/supervision/worker-functions.ts';

const node = (functionName: string, url: string, lineNumber: number, hitCount: number): object => ({
  callFrame: { functionName, url, lineNumber, columnNumber: 4 },
  hitCount,
});

test('the functions of the app are told by their own share; the same one in other stacks is added up', () => {
  const nodes = [
    node('(program)', '', -1, 20),
    node('now', 'node:perf_hooks', 1, 10),
    node('price', 'file:///srv/render.js', 1, 50),
    node('price', 'file:///srv/render.js', 1, 10),
    node('', 'file:///srv/render.js', 8, 10),
    node('idle', 'file:///srv/render.js', 9, 0),
  ];
  const own = { file: 'file:///srv/render.js', column: 5 };
  expect(functionsOf(JSON.stringify({ nodes }))).toEqual([
    { frame: { ...own, name: 'price', line: 2 }, selfShare: 0.6 },
    { frame: { ...own, name: '(anonymous)', line: 9 }, selfShare: 0.1 },
  ]);
});

test.each(['', 'no JSON', '[]', '{}', '{"nodes":[1,{}]}'])('of %j nothing is made', (text) => {
  expect(functionsOf(text)).toEqual([]);
});
