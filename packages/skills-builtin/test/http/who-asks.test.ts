import type { CodeLocation, JsonObject, ProbeFeed } from '@nodelens/core';
import { expect, test } from 'vitest';
import { keepCallers } from '../../src/http/callers.ts';

const frame = (name: string): JsonObject => ({ name, file: `/srv/${name}.js`, line: 7, column: 3 });

function kept(locate: (frame: CodeLocation) => Promise<CodeLocation>): {
  callers: ReturnType<typeof keepCallers>;
  tell(event: JsonObject): void;
  at(ms: number): void;
} {
  let nowMs = 1_800_000_000_000;
  const listeners: ((event: JsonObject) => void)[] = [];
  const feed = {
    onEvent: (listener: (event: JsonObject) => void) => listeners.push(listener),
  } as unknown as ProbeFeed;
  return {
    callers: keepCallers(feed, { now: () => nowMs, locate }),
    tell: (event) => {
      for (const listener of listeners) listener(event);
    },
    at(ms) {
      nowMs += ms;
    },
  };
}

test('requests are told by call and function, with who asked again', async () => {
  const { callers, tell, at } = kept(async (one) => ({ ...one, file: one.file.replace('.js', '.ts') }));
  const asked = { method: 'GET', target: 'http://a/prices/12' };
  tell({ ...asked, path: [frame('get'), frame('prices'), frame('handle')] });
  for (const againMs of [2, 4, 6]) tell({ ...asked, path: [frame('get'), frame('prices')], againMs });
  tell({ method: 'GET', target: 'http://b/x', path: [frame('get'), frame('handle')] });
  expect(await callers.sites(30)).toMatchObject([
    {
      peer: 'http://a',
      call: 'GET http://a/prices/:id',
      by: { name: 'get', file: '/srv/get.ts' },
      from: { name: 'prices' },
      asker: { name: 'prices', file: '/srv/prices.ts', line: 7 },
      samples: 3,
      again: 3,
      againMs: 4,
    },
    { call: 'GET http://a/prices/:id', samples: 1, again: 0, againMs: null },
    { call: 'GET http://b/x', from: { name: 'handle' } },
  ]);
  at(60_000);
  expect(await callers.sites(30)).toEqual([]);
});

test('bursts are told by call', () => {
  const { callers, tell } = kept(async (one) => one);
  const of = { method: 'GET', target: 'http://a/list', requests: 20, lastedMs: 900 };
  tell({ ...of, peak: 10, quietMs: -1 });
  tell({ ...of, peak: 20, quietMs: 4_000 });
  tell({ ...of, peak: 12, quietMs: 5_000 });
  expect(callers.bursts(60)).toEqual([
    {
      peer: 'http://a',
      call: 'GET http://a/list',
      bursts: 3,
      atOnce: 12,
      requests: 60,
      lastedMs: 900,
      quietMs: 4_500,
    },
  ]);
});

test('where a source map is not read in time, the place as it is must do', async () => {
  const { callers, tell } = kept(() => new Promise(() => {}));
  tell({ method: 'GET', target: 'http://a/list', path: [frame('get')] });
  expect(await callers.sites(30)).toMatchObject([{ by: { name: 'get', file: '/srv/get.js', line: 7 } }]);
});
