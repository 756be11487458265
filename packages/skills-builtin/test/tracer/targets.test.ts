import { expect, test } from 'vitest';
import type { FunctionList, ListedFunction } from '../../src/tracer/functions.ts';
import { distance, findCandidates, resolveTarget, type TargetName } from '../../src/tracer/targets.ts';

const URL = import.meta.url;
const at = (name: string, from: number, to: number, url = URL): ListedFunction => ({
  name,
  scriptId: '1',
  url,
  from,
  to,
  hasRun: true,
});

const list: FunctionList = {
  scripts: 1,
  functions: [
    at('outer', 10, 900),
    at('inner', 300, 600),
    at('exports.handler', 20, 40),
    at('get size', 50, 60),
    at('twin', 100, 110),
    at('twin', 700, 710),
    at('lost', 5, 9, 'file:///nowhere/gone.js'),
  ],
};

async function resolved(target: TargetName): Promise<string> {
  const locate = async <T>(frame: T): Promise<T> => frame;
  const found = await findCandidates(list, target, locate);
  const { listed, location } = await resolveTarget(list, found, { target, locate });
  return `${listed.name} ${listed.from} ${location.line > 0}`;
}

test.each([
  [{ name: 'outer' }, 'outer 10 true'],
  [{ name: 'handler' }, 'exports.handler 20 true'],
  [{ name: 'size', file: 'tracer/targets.test.ts' }, 'get size 50 true'],
  [{ file: 'targets.test.ts', line: 14 }, 'inner 300 true'],
  [{ name: 'lost' }, 'lost 5 false'],
])('%j is %s', async (target, told) => {
  expect(await resolved(target)).toBe(told);
});

test.each([
  [{ name: 'twin' }, /^"twin" is 2 functions; .*: twin \(.*:\d+\), twin \(/],
  [{ name: 'handlr' }, /no function that is "handlr"; .* Nearest: exports\.handler \(/],
  [{ name: 'outer', file: 'other.ts' }, /no function that is "outer" in other\.ts/],
  [{ name: 'quitedifferent' }, /ran? for a while\.$|run for a while\.$/],
])('%j is refused', async (target, message) => {
  await expect(resolved(target)).rejects.toThrow(message);
});

test('distance counts edits, without regard to case', () => {
  expect([
    distance('load', 'LOAD'),
    distance('lod', 'load'),
    distance('loadAll', 'load'),
    distance('a', 'xyz'),
  ]).toEqual([0, 1, 1, 3]);
});
