import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { JsonObject, JsonValue, RecorderContext } from '@nodelens/core';
import { expect, onTestFinished, test } from 'vitest';
import { notGivenBack } from '../../src/overload/check-kept.ts';
import { createKeepers } from '../../src/overload/keepers.ts';
import { takenIn } from '../../src/overload/taken.ts';

const take = 'const one = await pool.acquire();';
test.each<[string, string, string | undefined]>([
  ['left before', `${take} if (late) return []; pool.release(one); return 1;`, 'pool.acquire'],
  ['thrown before', `${take} if (late) throw new Error(); pool.release(one);`, 'pool.acquire'],
  [
    'of a field',
    `const one = await this.#pool.lease(); if (a) return; this.#pool.giveBack(one);`,
    'this.#pool.lease',
  ],
  ['given back in the end', `${take} try { if (late) return; } finally { pool.release(one); }`, undefined],
  [
    'given back before it is left',
    `${take} if (late) { pool.release(one); return; } pool.release(one);`,
    undefined,
  ],
  ['given back as it is left', `${take} if (late) return pool.release(one); pool.release(one);`, undefined],
  ['handed on', `${take} return one;`, undefined],
  ['left before it is taken', `if (late) return; ${take} pool.release(one);`, undefined],
  ['nothing is taken', 'if (late) return; pool.release(one);', undefined],
])('taken and not given back: %s', (_, text, what) => {
  expect(takenIn(text, [])?.what).toBe(what);
});

test('what a callback does is not the way of the function around it', () => {
  const outer = `${take} const some = list.map((x) => { return x; }); pool.release(one);`;
  const from = outer.indexOf('(x)');
  const inner = [{ from, to: outer.indexOf('; });') + 4 }];
  expect(takenIn(outer, inner)).toBeUndefined();
  const streamed = `${take} body.on('end', () => pool.release(one)); if (late) return; pool.release(two);`;
  const callback = streamed.indexOf('() =>');
  expect(takenIn(streamed, [{ from: callback, to: streamed.indexOf('); if') }])).toBeUndefined();
});

test('functions of the app are found with their places, those of dependencies are not', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'keepers-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'statements.mjs');
  writeFileSync(
    file,
    `// a pool.acquire()\nasync function statement(id) {\n  ${take}\n  if (id) return;\n  pool.release(one);\n}\n`,
  );
  const text = readFileSync(file, 'utf8');
  const listed = (url: string): JsonObject => ({
    url,
    scriptId: url,
    functions: [
      {
        functionName: 'statement',
        ranges: [{ startOffset: text.indexOf('async'), endOffset: text.length - 1, count: 1 }],
      },
    ],
  });
  const urls = [pathToFileURL(file).href, 'file:///srv/node_modules/pool/index.js', 'file:///gone.mjs'];
  const inspector = {
    post: async () => ({ result: urls.map(listed) }),
  } as unknown as RecorderContext['inspector'];
  expect(await createKeepers({ inspector, now: () => 0 })()).toEqual([
    { name: 'statement', file, line: 2, takes: 'pool.acquire', takesAtLine: 3, leavesAtLine: 4 },
  ]);
});

const stuck = (count: number, isStuck = true): JsonObject => ({
  side: 'server',
  route: 'GET /rooms',
  count,
  isStuck,
  medianAgeMs: 4_000,
  usualMs: 40,
});
const keeper = {
  name: 'statement',
  file: '/srv/a.mjs',
  line: 2,
  takes: 'pool.acquire',
  takesAtLine: 3,
  leavesAtLine: 4,
};
test.each<[string, readonly JsonObject[], readonly JsonObject[], unknown]>([
  ['stuck', [stuck(80)], [keeper], ['statement']],
  ['not stuck', [stuck(80, false)], [keeper], undefined],
  ['a part is stuck', [stuck(30), stuck(80, false)], [keeper], undefined],
  ['few are', [stuck(9)], [keeper], undefined],
  ['nobody keeps', [stuck(80)], [], undefined],
  ['so many do that it tells nothing', [stuck(80)], [keeper, keeper, keeper, keeper], undefined],
])('not_given_back: %s', (_, groups, keepers, names) => {
  const evidence = { groups, keepers } as JsonValue;
  expect(notGivenBack.conclude(evidence, {})?.subjects.map(({ name }) => name)).toEqual(names);
});

test.each<[string, JsonObject, boolean]>([
  ['many, all idle', { inFlight: 80, eventLoopUtilization10s: 0.1 }, true],
  ['few', { inFlight: 9, eventLoopUtilization10s: 0.1 }, false],
  ['a busy loop', { inFlight: 80, eventLoopUtilization10s: 0.9 }, false],
  ['waiting for others', { inFlight: 80, eventLoopUtilization10s: 0.1, outgoingInFlight: 70 }, false],
  [
    'waiting for threads',
    { inFlight: 80, eventLoopUtilization10s: 0.1, threadpoolSlowReadings10s: 9 },
    false,
  ],
])('not_given_back looks: %s', (_, snapshot, looks) => {
  expect(notGivenBack.when(snapshot, []) !== undefined).toBe(looks);
});
