import type { JsonObject } from '@nodelens/core';
import { expect, test } from 'vitest';
import { type Service, startService } from '../service.ts';

const start = (execArgv: readonly string[] = []): Promise<Service> =>
  startService('exceptions-shop', execArgv, ['exceptions']);

const list = (service: Service, callback: string, args: readonly (string | number | null)[] = []) =>
  service.call<JsonObject[]>('exceptions', `exceptions_${callback}`, args);

const shop = expect.stringMatching(/exceptions-shop\.ts$/);

test('errors that nobody handles are told by function and line, also those of a worker', {
  timeout: 30_000,
}, async () => {
  const service = await start();
  for (const way of ['rejections', 'uncaught', 'worker']) service.start(way);
  await service.until(
    'exceptions',
    ({ rejection1m, uncaught1m }) => Number(rejection1m) > 3 && Number(uncaught1m) > 3,
  );
  const rejections = await service.diagnosed('exceptions', (one) => one.checkId.endsWith('rejections'));
  expect(rejections.conclusion).toMatchObject({
    context: expect.stringContaining("a listener for 'unhandledRejection'"),
    observation: expect.stringContaining('StockError "item <num> is gone" in reserveStock'),
    subjects: [{ kind: 'function', name: 'reserveStock', file: shop, line: 12, unit: 'errors' }],
  });
  const uncaught = await service.diagnosed('exceptions', (one) => one.checkId.endsWith('uncaught'));
  expect(uncaught.conclusion).toMatchObject({
    severity: 'critical',
    subjects: [{ kind: 'function', name: 'sendMail', file: shop, line: 16 }],
  });
  const [top] = await list(service, 'top', [5, 'rejection', 1]);
  const stack = await service.call('exceptions', 'exceptions_stack', [String(top?.fingerprint)]);
  expect(stack).toMatchObject({
    type: 'StockError',
    frames: [{ name: 'reserveStock', file: shop, line: 12, isOfApp: true }],
    causes: [{ type: 'RangeError', message: expect.stringMatching(/^stock of \d+ is below 0$/) }],
  });
  expect(await service.call('exceptions', 'exceptions_stack', ['unknown'])).toBeNull();
  expect(await list(service, 'search', ['no such PAGE'])).toMatchObject([
    { kind: 'uncaught', source: 'worker_threads', type: 'RangeError' },
  ]);
  const types = await list(service, 'by_type');
  expect(types.map(({ type }) => type)).toEqual(['StockError', 'TypeError', 'RangeError']);
  expect((await list(service, 'by_place'))[0]).toMatchObject({ place: { name: 'reserveStock' } });
  expect(await list(service, 'rate_history')).toHaveLength(1);
  const [newest, next] = await list(service, 'recent', [2]);
  expect(newest?.atMs).toBeGreaterThanOrEqual(Number(next?.atMs));
  expect(await list(service, 'new_since', [Date.now()])).toEqual([]);
  expect(await service.snapshot('exceptions')).toMatchObject({
    newestPlace: expect.stringContaining('exceptions-shop.ts'),
    untoldTotal: 0,
    spans: 'absent',
    unavailable: [],
  });
});

test('a peer that cannot be reached is named, whoever asked it', { timeout: 30_000 }, async () => {
  const service = await start();
  service.start('peer down');
  await service.until('exceptions', ({ failingPeers }) => failingPeers === 2);
  const { conclusion } = await service.diagnosed('exceptions', (one) =>
    one.checkId.endsWith('dependency_errors'),
  );
  expect(conclusion).toMatchObject({
    observation: expect.stringMatching(/most with ECONNREFUSED \(nothing listens there\)/),
    subjects: [
      { kind: 'peer', name: expect.stringMatching(/^(localhost|127\.0\.0\.1):\d+$/), unit: 'errors' },
      { kind: 'peer' },
    ],
  });
  const peers = await list(service, 'peers');
  expect(peers).toHaveLength(2);
  expect(peers.flatMap(({ operations }) => operations).sort()).toEqual(['GET /prices', 'connection']);
});

test('what fails for many requests, and was not there before, is named', { timeout: 30_000 }, async () => {
  const service = await start();
  service.start('failing requests');
  const found = new Map<string, JsonObject>();
  await service.diagnosed('exceptions', ({ checkId, conclusion }) => {
    found.set(checkId, { ...conclusion } as unknown as JsonObject);
    return checkId === 'exceptions.error_burst';
  });
  expect(found.get('exceptions.error_burst')).toMatchObject({
    context: expect.stringContaining('Error "card of order <num> was refused" came'),
    observation: expect.stringContaining('during POST /orders/:id/charge'),
    subjects: [{ kind: 'function', name: 'charge', file: shop }],
  });
  expect(found.get('exceptions.new_error')).toMatchObject({
    observation: expect.stringContaining('in charge'),
    subjects: [{ kind: 'function', name: 'charge', file: shop }],
  });
});

test('the few errors that every service has are silent', { timeout: 30_000 }, async () => {
  const service = await start();
  service.start('healthy');
  const snapshot = await service.until('exceptions', ({ handled1m }) => Number(handled1m) > 70);
  expect(snapshot).toMatchObject({ rejection1m: 1, uncaught1m: 0 });
  expect(await service.diagnose('exceptions')).toEqual([]);
});
