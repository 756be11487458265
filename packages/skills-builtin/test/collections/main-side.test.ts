import type { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { FIND_USES, HELPER, rootsExpression } from '../../src/collections/main-side.ts';

// biome-ignore lint/security/noGlobalEval: the texts are what the inspector evaluates on main
const evaluate = <T>(text: string): T => globalThis.eval(text) as T;

test.each(['mjs', 'cjs'])('the search runs no module that is not loaded (%s)', async (extension) => {
  const folder = mkdtempSync(join(tmpdir(), 'nodelens-roots-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, `quiet.${extension}`);
  const mark = `ran_${extension}`;
  const exported = extension === 'mjs' ? 'export const' : 'exports.';
  writeFileSync(file, `globalThis.${mark} = true; ${exported} store = new Map();`);
  const { exports } = evaluate<{ exports: object }>(rootsExpression([file]));
  expect(exports).not.toHaveProperty([file]);
  expect(globalThis).not.toHaveProperty(mark);
  expect(Object.keys(createRequire(file).cache)).not.toContain(file);
  // The refusal leaves nothing behind: the app can load it later.
  await import(file);
  expect(globalThis).toHaveProperty(mark);
});

test('the helper tells sizes, and what it has seen', () => {
  const helper = evaluate<{ admit(...things: unknown[]): number[]; estimate(thing: unknown): number }>(
    HELPER,
  );
  const proxy = new Proxy({}, { ownKeys: () => expect.unreachable() });
  const map = new Map([[1, 'x'.repeat(1_000)]]);
  const large = Object.fromEntries(Array.from({ length: 1_200 }, (_, key) => [`k${key}`, key]));
  const things = [map, new Set([1, 2]), [1], new Uint8Array(9), large, {}, proxy, () => 1];
  expect(helper.admit(...things)).toEqual([1, 2, 1, 9, 1_200, -1, -2, -1]);
  expect(helper.admit(map)).toEqual([-2]);
  expect(helper.estimate(map)).toBeGreaterThan(1_000);
  expect(helper.estimate(Buffer.alloc(5_000))).toBe(5_000);
});

test('a view of a few bytes weighs as much as the buffer that it keeps', () => {
  const helper = evaluate<{ estimate(thing: unknown): number }>(HELPER);
  const views = Array.from({ length: 30 }, () => Buffer.alloc(100_000).subarray(0, 64));
  const copies = views.map((view) => Buffer.from(view));
  expect(helper.estimate(views)).toBeGreaterThan(2_900_000);
  expect(helper.estimate(copies)).toBeLessThan(20_000);
});

const documentOf = (pages: number) =>
  Array.from({ length: pages }, () => ({
    lines: Array.from({ length: 30 }, () => ({
      text: 'x'.repeat(40),
      marks: Array.from({ length: 40 }, (_, at) => at),
    })),
  }));

test('an entry of very many parts is weighed by the first of them', () => {
  const helper = evaluate<{
    estimate(thing: unknown): number;
    weighScopes(counts: number[], scope: object): number[];
  }>(HELPER);
  const weights = (pages: number): readonly number[] => [
    helper.estimate([documentOf(pages)]),
    ...helper.weighScopes([1], { pages: documentOf(pages) }),
  ];
  const [small, large] = [weights(2), weights(20)];
  // 30 lines of an object, 40 characters and 40 numbers.
  for (const bytes of small) expect(bytes / 60).toSatisfy((line: number) => line > 400 && line < 550);
  large.forEach((bytes, index) => {
    expect(bytes / (small[index] ?? 0)).toSatisfy((times: number) => times > 9 && times < 11);
  });
});

test('what all entries share does not weigh as much as each of them', () => {
  const helper = evaluate<{ estimate(thing: unknown): number }>(HELPER);
  const catalogue = documentOf(20);
  const visits = new Map(Array.from({ length: 100 }, (_, id) => [id, { id, catalogue }]));
  expect(helper.estimate(visits)).toBeLessThan(10_000);
});

test.each<[string, () => unknown, string]>([
  ['streams', () => ({ at: 1, source: Readable.from([]) }), 'streams'],
  ['promises', () => Promise.resolve(), 'promises'],
  [
    'generators',
    function* () {
      yield 1;
    },
    'generators',
  ],
  ['plain rows', () => ({ at: 1 }), ''],
])('%s in a collection are told', (_, make, kind) => {
  const helper = evaluate<{ opaque(thing: unknown): string }>(HELPER);
  expect(helper.opaque(new Map([[1, make()]]))).toBe(kind);
});

test('the listeners of an AbortSignal are entries', () => {
  const helper = evaluate<{ admit(...things: unknown[]): number[]; closures(thing: unknown): unknown[] }>(
    HELPER,
  );
  const { signal } = new AbortController();
  const giveUp = (): undefined => undefined;
  signal.addEventListener('abort', giveUp);
  expect(helper.admit(signal)).toEqual([1]);
  expect(helper.closures(signal)).toEqual([giveUp]);
});

test('a dictionary is counted anew only when that is within the grant', () => {
  const helper = evaluate<{
    admit(thing: object): number[];
    sizes(grantMs: number, thing: object): number[];
  }>(HELPER);
  const large: { [key: string]: number } = Object.fromEntries(
    Array.from({ length: 1_200 }, (_, key) => [`k${key}`, key]),
  );
  expect(helper.admit(large)).toEqual([1_200]);
  large.more = 1;
  expect(helper.sizes(0, large)).toEqual([1_200]);
  expect(helper.sizes(10_000, large)).toEqual([1_201]);
});

test('an estimate runs no accessor of the app', () => {
  const helper = evaluate<{ estimate(thing: unknown): number }>(HELPER);
  const shy = {
    get secret(): never {
      throw new Error('was run');
    },
  };
  expect(helper.estimate([shy, shy])).toBeGreaterThan(0);
});

test.each<[string, (store: never) => unknown, readonly string[]]>([
  ['set', (store: Map<1, 1>) => store.set(1, 1), ['fill']],
  ['push', (store: number[]) => store.push(1), ['fill']],
  [
    'an index',
    (store: number[]) => {
      store[0] = 1;
    },
    ['fill'],
  ],
  ['a comparison', (store: number[]) => store[0] === 1, []],
  ['delete', (store: Map<1, 1>) => store.delete(1), ['empty']],
  [
    'a shorter list',
    (store: number[]) => {
      store.length = 0;
    },
    ['empty'],
  ],
  ['a bound', (store: number[]) => store.length > 100 && store.shift(), ['empty', 'bound']],
  ['a loop until it is empty', (store: number[]) => store.length > 0 && store.shift(), ['empty']],
  ['another name', (restore: Map<1, 1>) => restore.set(1, 1), []],
  ['a read', (store: Map<1, 1>) => store.get(1), []],
])('%s is found in the text of a function', (_, use, kinds) => {
  expect(kindsOf({ name: 'store' }, use)).toEqual(kinds);
});

interface Wanted {
  readonly name: string;
  readonly event?: string;
  readonly isRaced?: boolean;
}

function kindsOf(wanted: Wanted, use: unknown): readonly string[] | undefined {
  const find = evaluate<(wanted: Wanted, ...functions: unknown[]) => [string][][]>(`(${FIND_USES})`);
  return find(wanted, use)[0]?.map(([kind]) => kind);
}

test.each<[string, (feed: EventEmitter) => unknown, readonly string[]]>([
  ['on', (feed) => feed.on('tick', () => 1), ['fill']],
  ['once', (feed) => feed.once('tick', () => 1), ['fill']],
  ['another event', (feed) => feed.on('tock', () => 1), []],
  ['off', (feed) => feed.off('tick', () => 1), ['empty']],
])('what %s does to the listeners of an event is found', (_, use, kinds) => {
  expect(kindsOf({ name: 'feed', event: 'tick' }, use)).toEqual(kinds);
});

test('the scopes of closures are weighed without what they share', () => {
  const helper = evaluate<{
    closures(thing: unknown): unknown[];
    weighScopes(counts: number[], ...scopes: object[]): number[];
  }>(HELPER);
  const run = (): number => 1;
  const entries = [{ task: { run } }, run, () => 2, Math.max, 'text'];
  expect(helper.closures(entries)).toEqual([run, run, entries[2]]);
  const shared = { rows: Array.from({ length: 50 }, (_, id) => ({ id })) };
  const [first = 0, second = 0] = helper.weighScopes(
    [2, 1],
    { text: 'x'.repeat(900) },
    { shared },
    { shared, text: 'x'.repeat(900) },
  );
  expect(first).toBeGreaterThan(2_000);
  expect(second).toBeGreaterThan(900);
  expect(second).toBeLessThan(1_300);
});

test('races against a promise are found in the text of a function', () => {
  const races = (work: Promise<1>, closing: Promise<1>): Promise<1> => Promise.race([work, closing]);
  const waits = (closing: Promise<1>): Promise<1> => Promise.resolve(closing);
  expect(kindsOf({ name: 'closing', isRaced: true }, races)).toEqual(['fill']);
  expect(kindsOf({ name: 'clos', isRaced: true }, races)).toEqual([]);
  expect(kindsOf({ name: 'closing', isRaced: true }, waits)).toEqual([]);
});
