import { expect, test } from 'vitest';
import { type Diagnosis, startService } from '../service.ts';

interface Top {
  readonly looked: number;
  readonly total: number;
  readonly processes: readonly { name: string; relation: string; cpuPercent: number; rssMb: number }[];
}

test('a child that computes on all cores is named', { timeout: 60_000 }, async () => {
  const service = await startService('system-burner', [], ['system']);
  service.start('burn');
  await expect
    .poll(
      async () => {
        const { processes } = await service.call<Top>('system', 'system_top_processes', [20]);
        return processes.find(({ relation }) => relation === 'child');
      },
      { timeout: 50_000 },
    )
    .toMatchObject({ name: 'node system-burn.ts', cpuPercent: expect.toSatisfy((cpu) => cpu > 30) });
});

test('a service that waits for its core is told who has it', { timeout: 60_000 }, async () => {
  const service = await startService('system-burner', [], ['system']);
  service.start('work');
  // On a busy machine somebody else may have it for a while.
  const isNamed = ({ conclusion }: Diagnosis): boolean =>
    /a child of it\) used [\d,.]+ % of a core/.test(conclusion.observation);
  const { checkId, conclusion } = await service.diagnosed('system', isNamed);
  expect(checkId).toBe('system.cpu_taken');
  expect(conclusion.severity).not.toBe('info');
  expect(conclusion.subjects).toContainEqual(expect.objectContaining({ name: 'node system-burn.ts' }));
});

test('a real machine is told as far as it can be seen', { timeout: 60_000 }, async () => {
  const service = await startService('system-burner', [], ['system']);
  service.start('idle');
  const snapshot = await service.until(
    'system',
    ({ rateWindowSeconds, diskUsedPercent }) =>
      rateWindowSeconds !== undefined && diskUsedPercent !== undefined,
  );
  expect(snapshot).toMatchObject({
    cpusAvailable: expect.toSatisfy((cpus) => cpus > 0),
    memoryTotalMb: expect.toSatisfy((mb) => mb > 0),
    memoryAvailablePercent: expect.toSatisfy((percent) => percent > 0 && percent <= 100),
    diskUsedPercent: expect.toSatisfy((percent) => percent >= 0 && percent <= 100),
    clockSteps10m: 0,
    unavailable: expect.any(Array),
  });
  expect(await service.call('system', 'system_cpu', [30])).toMatchObject({
    cpusAvailable: snapshot.cpusAvailable,
  });
  expect(await service.call('system', 'system_memory')).toMatchObject({
    memoryTotalMb: snapshot.memoryTotalMb,
  });
  expect(await service.call('system', 'system_disks')).toContainEqual(
    expect.objectContaining({ holds: expect.arrayContaining(['cwd']) }),
  );
  expect(await service.call('system', 'system_pressure')).toHaveProperty('machine');
  expect(await service.call('system', 'system_clock_steps')).toEqual([]);
  const top = await service.call<Top>('system', 'system_top_processes', [3, 'memory']);
  expect(top.looked).toBeLessThanOrEqual(300);
  const sizes = top.processes.map(({ rssMb }) => rssMb);
  expect(sizes.length).toBeLessThanOrEqual(3);
  expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
  // What else runs on the machine of the tests, and how it does, is not in our hands.
  const ids = (await service.diagnose('system')).map(({ checkId }) => checkId);
  expect(ids).not.toContain('system.clock_step');
});
