import { expect, test } from 'vitest';
import { startService } from '../service.ts';

const start = (behaviour: string) => startService(behaviour, [], ['allocator']);

test('Buffers that are kept for ever are told as external growth, with the function that makes them', {
  timeout: 60_000,
}, async () => {
  const service = await start('allocator-invoices');
  service.start('archive');
  const { checkId, conclusion } = await service.diagnosed('allocator', ({ conclusion: { subjects } }) =>
    subjects.some(({ kind }) => kind === 'function'),
  );
  expect(checkId).toBe('allocator.external_growth');
  expect(conclusion.subjects).toMatchObject([
    {
      kind: 'function',
      name: 'scanPage',
      file: expect.stringMatching(/allocator-invoices\.ts$/),
      unit: 'MB/min',
    },
  ]);
  expect(Math.abs(Number(conclusion.subjects[0]?.line) - 13)).toBeLessThanOrEqual(2);
  expect(conclusion.observation).toContain('after a full collection');
});

test('a service that drops its Buffers is silent, and its figures are plausible', {
  timeout: 60_000,
}, async () => {
  const service = await start('allocator-invoices');
  service.start('check');
  const snapshot = await service.until(
    'allocator',
    ({ externalWindowSeconds }) => Number(externalWindowSeconds) >= 7,
  );
  expect(await service.diagnose('allocator')).toEqual([]);
  const { rssMb, heapTotalMb, heapUsedMb, externalMb, arrayBuffersMb, rssAnonymousMb, rssFileMb } =
    snapshot as Record<string, number>;
  expect(rssMb).toBeGreaterThan(40);
  expect(rssMb).toBeLessThan(1_000);
  expect(Math.abs(Number(rssAnonymousMb) + Number(rssFileMb) - Number(rssMb))).toBeLessThan(20);
  expect(heapTotalMb).toBeGreaterThan(4);
  expect(heapUsedMb).toBeGreaterThan(2);
  expect(heapTotalMb).toBeLessThan(Number(rssMb));
  expect(externalMb).toBeGreaterThanOrEqual(Number(arrayBuffersMb));
  expect(snapshot).toMatchObject({ unavailable: [], worstSpace: expect.any(String) });
  expect(snapshot.heapSpacesAgeMs).toBeLessThan(2_000);
  expect(await service.call('allocator', 'allocator_growth')).toMatchObject({
    external: { last1m: { floorMb: expect.any(Number) } },
  });
  expect(await service.call('allocator', 'allocator_history', [1])).toContainEqual(
    expect.objectContaining({ nativeMb: expect.any(Number) }),
  );
  const spaces = await service.call<{ spaces: { name: string }[] }>('allocator', 'allocator_heap_spaces');
  expect(spaces.spaces.map(({ name }) => name)).toContain('old_space');
  const mappings = await service.call('allocator', 'allocator_mappings');
  expect(mappings).toMatchObject({
    isComplete: true,
    kinds: {
      mallocHeap: { rssMb: expect.any(Number) },
      anonymous: { rssMb: expect.any(Number) },
      threadStacks: { count: expect.any(Number) },
      files: { rssMb: expect.any(Number) },
    },
  });
  expect(Math.abs(Number(mappings.rssMb) - Number(rssMb))).toBeLessThan(60);
  expect(await service.call('allocator', 'allocator_mappings')).toHaveProperty('grownMb.anonymous');
});

test('memory that only native objects hold is told as native growth', { timeout: 60_000 }, async () => {
  const service = await start('allocator-sessions');
  service.start('sessions');
  const { checkId, conclusion } = await service.diagnosed('allocator');
  expect(checkId).toBe('allocator.native_growth');
  expect(conclusion.observation).toMatch(/malloc/);
  expect(conclusion.subjects).toMatchObject([{ kind: 'process', name: 'native memory', unit: 'MB' }]);
});

test('while main is in a native call the snapshot tells rss, and how old the rest is', {
  timeout: 60_000,
}, async () => {
  const service = await start('allocator-sessions');
  await service.until('allocator', ({ heapSpacesAgeMs, mainFiguresAgeMs }) =>
    [heapSpacesAgeMs, mainFiguresAgeMs].every((age) => age !== undefined),
  );
  service.start('block');
  const snapshot = await service.until('allocator', ({ heapSpacesAgeMs }) => Number(heapSpacesAgeMs) > 1_500);
  expect(snapshot.mainFiguresAgeMs).toBeGreaterThan(1_000);
  expect(snapshot).toMatchObject({ rssMb: expect.any(Number), oldSpaceMb: expect.any(Number) });
  const spaces = await service.call('allocator', 'allocator_heap_spaces');
  expect(spaces.ageMs).toBeGreaterThan(1_500);
  expect(await service.call('allocator', 'allocator_mappings')).toMatchObject({ isComplete: true });
});
