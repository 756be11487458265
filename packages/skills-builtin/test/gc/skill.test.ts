import { expect, test } from 'vitest';
import { startService } from '../service.ts';

test('the function that churns garbage is named', { timeout: 60_000 }, async () => {
  const service = await startService('garbage');
  service.start('churn');
  const { conclusion } = await service.diagnosed('gc', ({ checkId }) => checkId === 'gc.churn');
  expect(conclusion.severity).not.toBe('info');
  expect(conclusion.subjects[0]).toMatchObject({
    kind: 'function',
    file: expect.stringMatching(/garbage\.ts$/),
    unit: 'MB/s',
  });
  expect(conclusion.observation).toContain('buildCurve');
});

test('a healthy process is silent, and tells all that is asked', { timeout: 60_000 }, async () => {
  const service = await startService('garbage');
  service.start('calm');
  await service.until('gc', ({ heapFloorMb }) => heapFloorMb !== undefined);
  expect(await service.diagnose('gc')).toEqual([]);
  expect(await service.call('gc', 'gc_stats', [30])).toMatchObject({ pauseSharePercent: expect.any(Number) });
  expect(await service.call('gc', 'gc_pressure')).toMatchObject({ level: 'low' });
  expect(await service.call('gc', 'gc_room')).toMatchObject({ known: true, isTooSmall: false });
  const spaces = await service.call<{ name: string }[]>('gc', 'gc_heap_spaces');
  expect(spaces.map(({ name }) => name)).toContain('old_space');
  expect(await service.call('gc', 'gc_live_allocations', [], 5_000)).toMatchObject({
    sites: expect.any(Array),
  });
  const recent = await service.call<{ kind: string; forced: boolean }[]>('gc', 'gc_recent', [50]);
  expect(recent).toContainEqual(expect.objectContaining({ kind: 'major', forced: true }));
  await expect(service.call('gc', 'gc_live_allocations', [], 1)).rejects.toMatchObject({
    code: 'pause_refused',
  });
});
