import type { JsonObject } from '@nodelens/core';
import { expect, test } from 'vitest';
import { listOf } from '../../src/evidence.ts';
import { type Diagnosis, type Service, startService } from '../service.ts';

const isNamed = ({ conclusion }: Diagnosis): boolean =>
  conclusion.subjects[0]?.kind === 'function' && conclusion.againAfterMs === undefined;

const start = (): Promise<Service> => startService('runtime-shop', [], ['runtime']);

/** The stall that is over and in which that path was served; as soon as there is one. */
async function servedStall(service: Service, path: string): Promise<JsonObject> {
  const isMeant = ({ ongoing, requests }: JsonObject): boolean =>
    ongoing === false && listOf(requests)[0]?.path === path;
  const stalls = await service.callUntil<JsonObject[]>('runtime', 'runtime_stalls', (told) =>
    told.some(isMeant),
  );
  return stalls.find(isMeant) ?? expect.fail();
}

test('the request that main serves is told, in JavaScript at once, of native code when it has returned', {
  timeout: 60_000,
}, async () => {
  const service = await start();
  service.start('year');
  await service.until('runtime', ({ blockRequests }) => Number(blockRequests) > 0);
  const { conclusion } = await service.diagnosed('runtime', isNamed);
  expect(conclusion.context).toContain('The request GET /year was being served.');
  expect(conclusion.subjects).toMatchObject([
    { kind: 'function', name: 'yearReport' },
    { kind: 'endpoint', name: 'GET /year' },
  ]);
  await service.call('runtime', 'runtime_await_stall_end', [20_000]);
  const stall = await servedStall(service, '/year');
  expect(stall).toMatchObject({ requestCount: 1, requests: [{ method: 'GET', path: '/year' }] });
  expect(stall).not.toHaveProperty('starvation');
  expect(Number(listOf(stall.requests)[0]?.ageMs)).toBeGreaterThan(1_000);
  expect(await service.call('runtime', 'runtime_stall_requests', [String(stall.id)])).toHaveLength(1);
  expect(await service.call('runtime', 'runtime_stall_requests', ['no stall'])).toBeNull();

  // Once the start of the recording is over: of that only long stalls are told.
  await service.until('runtime', ({ uptimeSeconds }) => Number(uptimeSeconds) >= 5);
  service.start('password');
  expect(await servedStall(service, '/password')).toMatchObject({ requestCount: 1, kind: 'native-cpu' });
});

test('a healthy shop is silent, and many callbacks in one turn of the loop are no starvation', {
  timeout: 60_000,
}, async () => {
  const service = await start();
  for (const how of ['calm', 'pool calm', 'idler']) service.start(how);
  await service.until('runtime', ({ uptimeSeconds }) => Number(uptimeSeconds) >= 5);
  const isFelt = ({ conclusion }: Diagnosis): boolean => conclusion.severity !== 'info';
  expect((await service.diagnose('runtime')).filter(isFelt)).toEqual([]);

  service.start('crowd');
  const { conclusion } = await service.diagnosed('runtime', isNamed);
  expect(conclusion.subjects[0]?.name).toBe('spin');
  expect(conclusion.hypothesis).not.toContain('re-queues');
  await service.call('runtime', 'runtime_await_stall_end', [20_000]);
  const stalls = await service.call<JsonObject[]>('runtime', 'runtime_stalls');
  expect(stalls.filter((stall) => 'starvation' in stall)).toEqual([]);
});
