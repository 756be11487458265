import { expect, test } from 'vitest';
import { type Service, startService } from '../service.ts';

const start = (behaviour: string) => startService(behaviour, [], ['allocator']);

// The three run side by side, because each takes as long as growth takes to be told from a peak.
test('kept Buffers are told with the function that makes them, native memory as such, dropped Buffers not at all', {
  timeout: 60_000,
}, async () => {
  const [keeping, dropping, opening] = await Promise.all([
    start('allocator-invoices'),
    start('allocator-invoices'),
    start('allocator-sessions'),
  ]);
  dropping.start('check');
  keeping.start('archive');
  opening.start('sessions');
  await Promise.all([expectMakerNamed(keeping), expectNativeTold(opening)]);
  const snapshot = await dropping.until(
    'allocator',
    // Main, on a busy machine, answers late.
    ({ externalWindowSeconds, heapSpacesAgeMs }) =>
      Number(externalWindowSeconds) >= 7 && heapSpacesAgeMs !== undefined,
  );
  expect(await dropping.diagnose('allocator')).toEqual([]);
  expectPlausible(snapshot as Record<string, number>);
  await expectAnswers(dropping, Number(snapshot.rssMb));
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

async function expectMakerNamed(service: Service): Promise<void> {
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
}

async function expectNativeTold(service: Service): Promise<void> {
  const { checkId, conclusion } = await service.diagnosed('allocator');
  expect(checkId).toBe('allocator.native_growth');
  expect(conclusion.observation).toMatch(/malloc/);
  expect(conclusion.subjects).toMatchObject([{ kind: 'process', name: 'native memory', unit: 'MB' }]);
}

function expectPlausible(snapshot: Record<string, number>): void {
  const { rssMb, heapTotalMb, heapUsedMb, externalMb, arrayBuffersMb, rssAnonymousMb, rssFileMb } = snapshot;
  expect(rssMb).toBeGreaterThan(40);
  expect(rssMb).toBeLessThan(1_000);
  expect(Math.abs(Number(rssAnonymousMb) + Number(rssFileMb) - Number(rssMb))).toBeLessThan(20);
  expect(heapTotalMb).toBeGreaterThan(4);
  expect(heapUsedMb).toBeGreaterThan(2);
  expect(heapTotalMb).toBeLessThan(Number(rssMb));
  expect(externalMb).toBeGreaterThanOrEqual(Number(arrayBuffersMb));
  expect(snapshot).toMatchObject({ unavailable: [], worstSpace: expect.any(String) });
  expect(snapshot.heapSpacesAgeMs).toBeLessThan(2_000);
}

async function expectAnswers(service: Service, rssMb: number): Promise<void> {
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
  expect(Math.abs(Number(mappings.rssMb) - rssMb)).toBeLessThan(60);
  expect(await service.call('allocator', 'allocator_mappings')).toHaveProperty('grownMb.anonymous');
}
