import type { JsonObject, ProbeFeed, RecorderContext } from '@nodelens/core';
import { expect, test } from 'vitest';
import { createLoggerSkill } from '../../src/logger/skill.ts';
import { type Service, startService } from '../service.ts';

/** Without it the lines of the service would be in the report of the tests. */
const MUTE = ['--import', new URL('../fixtures/logger-mute.ts', import.meta.url).href];
const startShop = (): Promise<Service> => startService('logger-app', MUTE, ['logger', 'runtime']);

test('a burst of errors is found, and its pattern named', { timeout: 30_000 }, async () => {
  const service = await startShop();
  service.start('failing');
  const { checkId, conclusion } = await service.diagnosed('logger');
  expect(checkId).toBe('logger.error_burst');
  expect(conclusion.observation).toContain('"charging order <num> failed: connect ECONNREFUSED <ip>"');
  expect(conclusion.subjects[0]).toMatchObject({ kind: 'logger', name: 'payments', unit: 'errors' });

  const found = await service.call<JsonObject[]>('logger', 'logger_search', ['econnrefused', 'error', 3]);
  expect(found).toHaveLength(3);
  expect(found[0]).toMatchObject({ level: 'error', logger: 'payments', errorName: 'PaymentError' });
  const byLogger = await service.call<JsonObject[]>('logger', 'logger_by_logger', ['stock', null, 2]);
  expect(byLogger).toMatchObject([{ logger: 'stock', level: 'info' }, { logger: 'stock' }]);
  expect((await service.call<JsonObject[]>('logger', 'logger_loggers'))[0]).toMatchObject({
    logger: 'payments',
  });
  const patterns = await service.call<JsonObject[]>('logger', 'logger_patterns', [60]);
  expect(patterns.length).toBeLessThanOrEqual(5);
  expect(await service.call<JsonObject[]>('logger', 'logger_new_patterns', [60, 'error'])).toHaveLength(1);
  const [newest, next] = await service.call<{ atMs: number }[]>('logger', 'logger_recent', [2]);
  expect(newest?.atMs).toBeGreaterThanOrEqual(next?.atMs ?? Number.POSITIVE_INFINITY);
});

test('the healthy twin is silent', { timeout: 30_000 }, async () => {
  const service = await startShop();
  service.start('healthy');
  const snapshot = await service.until(
    'logger',
    ({ errors1m, linesTotal }) => Number(errors1m) > 1 && Number(linesTotal) > 250,
  );
  expect(snapshot).toMatchObject({ unavailable: [], unreadLines1m: 0, newErrorPatternLines5m: 0 });
  expect(await service.diagnose('logger')).toEqual([]);
});

test('a flood in one go is counted while main is blocked, and kept within bounds', {
  timeout: 30_000,
}, async () => {
  const service = await startShop();
  service.start('flood');
  const snapshot = await service.until('logger', ({ linesTotal }) => Number(linesTotal) >= 20_000);
  const { mainBlockedMs } = await service.snapshot('runtime');
  const { totals } = await service.call<{ totals: JsonObject }>('logger', 'logger_stats');
  expect(mainBlockedMs).toBeGreaterThan(0);
  expect(snapshot.linesTotal).toBe(20_000);
  expect(totals).toMatchObject({ consoleLines: 20_000, debugLines: 20_000, errorLines: 0, stdoutLines: 0 });
  expect(snapshot.patterns).toBeLessThanOrEqual(3);
  expect(Number(snapshot.unreadLines1m)).toBeGreaterThan(10_000);
  expect(await service.call<JsonObject[]>('logger', 'logger_recent', [50])).toHaveLength(50);
});

test('logging that takes main a felt part of its time is named', { timeout: 30_000 }, async () => {
  const service = await startShop();
  service.start('debugging');
  const { conclusion } = await service.diagnosed('logger', ({ checkId }) => checkId === 'logger.flood');
  expect(conclusion.observation).toContain('cache lookup <num> of key item-<num> took <num> us');
  expect(conclusion.subjects).toMatchObject([
    { kind: 'function', name: 'flood', unit: 'lines/s' },
    { kind: 'logger', name: 'console', unit: 'lines/s' },
  ]);
});

test.each<[string | undefined, string]>([
  ['the module has a top-level await', 'log lines: the module has a top-level await'],
  [undefined, 'log lines: nothing watches them on the main thread'],
])('without its probe (%s) the skill says so and answers', async (failure, expected) => {
  const numbers = new Float64Array(0);
  const feed: ProbeFeed = {
    numbers,
    emitted: 0,
    dropped: 0,
    failure,
    ask: async () => null,
    onEvent: () => {},
  };
  const context = {
    now: () => 9_000,
    startedAtMs: 1_000,
    everySecond: () => undefined,
  } as unknown as RecorderContext;
  const { snapshot, callbacks } = createLoggerSkill(context, {}, feed);
  expect(await snapshot()).toMatchObject({ unavailable: [expected], linesTotal: 0, errors1m: 0 });
  expect(callbacks.logger_stats?.run()).toMatchObject({ errors1m: 0, totals: { consoleLines: 0 } });
});
