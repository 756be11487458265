import { expect, test } from 'vitest';
import { startService } from '../service.ts';

test('a trace tells rate, durations, shapes, callers and errors', { timeout: 40_000 }, async () => {
  const service = await startService('tracer-shop', [], ['tracer']);
  service.start('hot');
  await new Promise((r) => setTimeout(r, 1000));
  for (const [name, args] of [
    ['tracer_find', ['chargeCard']],
    ['tracer_count', [['chargeCard', 'load', 'checksum'], 1]],
    ['tracer_trace', ['chargeCard', 2]],
    ['tracer_trace', [{ name: 'load', file: 'tracer-shop.ts' }, 2, 40]],
    ['tracer_trace', ['checksum', 2]],
    ['tracer_trace', ['drain', 2]],
    ['tracer_trace', ['chargeCrad', 2]],
    ['tracer_status', []],
  ] as const)
    console.log(name, JSON.stringify(await service.call('tracer', name, args as never).catch((e) => e.message), null, 1));
  console.log(await service.snapshot('tracer'));
  expect(1).toBe(1);
});
