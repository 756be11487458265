import { expect, test } from 'vitest';
import { isSameSubject, mentions, placeOf, rankOf } from '../../../src/llm/triage/subject.ts';
import type { Subject } from '../../../src/skill.ts';

const fn = (name: string, file?: string, line?: number): Subject => ({
  kind: 'function',
  name,
  ...(file !== undefined && { file }),
  ...(line !== undefined && { line }),
});

test.each([
  [fn('price', 'src/price.js', 3), 3],
  [fn('price'), 2],
  [fn('(anonymous)', 'src/price.js', 3), 3],
  [fn('(anonymous)'), 0],
  [fn('(garbage collector)', 'x.js'), 0],
  [{ kind: 'collection', name: 'cache', file: 'src/cache.js' } as Subject, 3],
  [{ kind: 'peer', name: 'redis:6379' } as Subject, 1],
  [{ kind: 'resource', name: 'heap' } as Subject, 0],
  [{ kind: 'process', name: 'shop' } as Subject, 0],
  [{ kind: 'process', name: 'node', file: 'src/convert.js' } as Subject, 1],
])('%j has rank %i', (subject, rank) => {
  expect(rankOf(subject)).toBe(rank);
});

const pairs: [string, Subject, Subject, boolean][] = [
  [
    'two processes that run one script',
    { kind: 'process', name: 'node', file: 'src/convert.js' },
    { kind: 'process', name: 'node --flag', file: '/app/src/convert.js' },
    true,
  ],
  ['this process', { kind: 'process', name: 'shop' }, { kind: 'process', name: 'shop' }, false],
  [
    'a peer told by URL and by address',
    { kind: 'peer', name: 'http://db.local:5432/x' },
    { kind: 'peer', name: 'db.local:5432' },
    true,
  ],
  [
    'peers at two ports',
    { kind: 'peer', name: 'db.local:5432' },
    { kind: 'peer', name: 'db.local:5433' },
    false,
  ],
  ['same name and file', fn('price', 'src/a.js', 3), fn('price', 'src/a.js', 9), true],
  ['absolute and relative path', fn('price', 'file:///app/src/a.js'), fn('price', 'src/a.js'), true],
  ['one file unknown', fn('price'), fn('price', 'src/a.js'), true],
  ['other file', fn('price', 'src/a.js'), fn('price', 'src/b.js'), false],
  ['a file whose name ends alike', fn('price', 'src/data.js'), fn('price', 'a.js'), false],
  ['with and without owner', fn('Catalogue.load', 'a.js'), fn('load', 'a.js'), true],
  ['other kind', fn('cache', 'a.js'), { kind: 'collection', name: 'cache', file: 'a.js' }, false],
  [
    'collections with another owner',
    { kind: 'collection', name: 'a.cache' },
    { kind: 'collection', name: 'b.cache' },
    false,
  ],
  ['anonymous at one line', fn('(anonymous)', 'a.js', 3), fn('(anonymous)', 'a.js', 3), true],
  ['anonymous at two lines', fn('(anonymous)', 'a.js', 3), fn('(anonymous)', 'a.js', 4), false],
  ['a callback on the line of its function', fn('(anonymous)', 'a.js', 3), fn('indexBy', 'a.js', 3), true],
  ['a callback on another line', fn('(anonymous)', 'a.js', 4), fn('indexBy', 'a.js', 3), false],
  ['anonymous in unknown files', fn('(anonymous)'), fn('(anonymous)'), false],
  ['the process', { kind: 'process', name: 'shop' }, { kind: 'process', name: 'shop' }, false],
];

test.each(pairs)('%s', (_, a, b, expected) => {
  expect([isSameSubject(a, b), isSameSubject(b, a)]).toEqual([expected, expected]);
});

test.each([
  ['slowPrice took 3 s', fn('slowPrice'), true],
  ['in slowPrice.', fn('Shop.slowPrice'), true],
  ['in Shop.price.', fn('Shop.price'), true],
  ['slowPrices took 3 s', fn('slowPrice'), false],
  ['$slowPrice took 3 s', fn('slowPrice'), false],
  ['requests get slow', fn('get', 'src/cache.js'), false],
  ['get (src/cache.js:3) took 3 s', fn('get', '/app/src/cache.js'), true],
  ['[Symbol.iterator]* took 3 s', fn('[Symbol.iterator]*'), true],
  ['a1 b2 c3', fn('b2'), false],
  ['(anonymous) took 3 s', fn('(anonymous)', 'a.js', 1), false],
])('whether "%s" mentions %j: %s', (text, subject, expected) => {
  expect(mentions(text, subject)).toBe(expected);
});

test('a place is file:line as far as known', () => {
  expect([placeOf(fn('f', 'a.js', 2)), placeOf(fn('f', 'a.js')), placeOf(fn('f'))]).toEqual([
    'a.js:2',
    'a.js',
    undefined,
  ]);
});
