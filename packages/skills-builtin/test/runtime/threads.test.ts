import type { JsonObject } from '@nodelens/core';
import { expect, test } from 'vitest';
import { startService } from '../service.ts';

test('workers, the threadpool and what changed are told by name', { timeout: 60_000 }, async () => {
  const service = await startService('runtime-shop', [], ['runtime']);
  const pool = (): Promise<JsonObject> => service.call('runtime', 'runtime_threadpool', [400]);

  service.start('pool calm');
  service.start('parser');
  service.start('idler');
  const calm = await pool();
  expect(calm).toMatchObject({ saturated: false, threads: expect.any(Number) });
  expect(Number((calm.givenWhileWatched as JsonObject).fs)).toBeGreaterThan(0);
  expect(Number((calm.givenWhileWatched as JsonObject).zlib)).toBeGreaterThan(0);

  await service.call('runtime', 'runtime_workers');
  const workers = await service.call<JsonObject[]>('runtime', 'runtime_workers');
  const [parser, ...others] = workers;
  expect(parser?.name).toBe('parser');
  const idler = others.find(({ name }) => name === 'idler');
  expect(Number(parser?.utilization)).toBeGreaterThan(0.5);
  expect(Number(parser?.windowMs)).toBeLessThan(10_000);
  expect(Number(parser?.cpuPercent)).toBeGreaterThan(10);
  expect(parser).toMatchObject({ file: '(eval)', tid: expect.any(Number), state: expect.any(String) });
  expect(Number(idler?.utilization)).toBeLessThan(0.2);
  expect(Number(idler?.cpuPercent)).toBeLessThan(10);

  service.start('quiet');
  // Until the quiet time before is long enough to be compared with.
  const change = async (): Promise<JsonObject> => service.call('runtime', 'runtime_hot_function_change', [2]);
  for (let told = await change(); told.isComparable !== true; told = await change());
  service.start('render');
  for (;;) {
    const [first] = (await change()).functions as JsonObject[];
    if (first?.name === 'renderNow' || first?.name === 'spin') {
      expect(Number(first.change)).toBeGreaterThan(0);
      expect(first).toMatchObject({ file: expect.stringMatching(/runtime-shop\.ts$/) });
      break;
    }
  }

  service.start('pool');
  for (let full = await pool(); ; full = await pool()) {
    if (full.saturated !== true) continue;
    expect(Number((full.givenWhileWatched as JsonObject).crypto)).toBeGreaterThan(0);
    expect(full.by).toBe('crypto');
    expect((full.sites as JsonObject[]).map(({ name }) => name)).toContain('checkPassword');
    break;
  }
  expect(await service.call('runtime', 'runtime_threadpool', [100])).toHaveProperty('waitMs');
});
