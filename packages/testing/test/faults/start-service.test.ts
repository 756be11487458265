import { readFileSync } from 'node:fs';
import { type FaultName, faultService, type Service, startService } from '@nodelens/testing';
import { describe, expect, onTestFinished, test } from 'vitest';

async function started(name: FaultName, args: readonly string[] = []): Promise<Service> {
  const service = await startService(faultService(name), { args });
  onTestFinished(service.stop);
  return service;
}

async function timed(url: string): Promise<number> {
  const startedAt = performance.now();
  await (await fetch(url)).text();
  return performance.now() - startedAt;
}

const residentMb = (pid: number): number =>
  (Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4096) / 2 ** 20;

describe('a blocking service', () => {
  test.each(['sync-loop', 'regex-block', 'pbkdf2-block'] as const)(
    '%s is busy for about as long as asked',
    async (name) => {
      const service = await started(name, ['--ms=600']);
      const work = timed(`${service.url}/work`);
      const blockedMs = await work;
      expect(blockedMs).toBeGreaterThan(300);
      expect(blockedMs).toBeLessThan(6000);
    },
  );

  test('json-block spends its time in one parse', async () => {
    const service = await started('json-block', ['--mb=20']);
    expect(await timed(`${service.url}/work`)).toBeGreaterThan(30);
  });
});

test('the growing map reaches its limit in memory and stops there', async () => {
  const service = await started('growing-map', ['--mbPerSecond=200', '--maxMb=60']);
  const before = residentMb(service.pid);
  const size = async (): Promise<number> => Number(await (await fetch(`${service.url}/work`)).text());
  const deadline = performance.now() + 20_000;
  while ((await size()) < 6000 && performance.now() < deadline);
  expect(await size()).toBe(6000);
  expect(residentMb(service.pid) - before).toBeGreaterThan(20);
});

test.each(['churn', 'healthy'] as const)('%s answers and ends by itself when asked to quit', async (name) => {
  const service = await started(name);
  expect(await timed(`${service.url}/work`)).toBeGreaterThan(0);
  await fetch(`${service.url}/quit`);
  expect(await service.exited).toEqual({ code: 0, signal: null });
});

test('a file that ends before it listens is a typed error that carries what it wrote', async () => {
  await expect(startService('no-such-file.mjs')).rejects.toMatchObject({
    code: 'service_start_failed',
    message: expect.stringContaining('Cannot find module'),
  });
});
