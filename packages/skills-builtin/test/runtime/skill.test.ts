import { expect, test } from 'vitest';
import { type Diagnosis, startService } from '../service.ts';

const isFinal = ({ conclusion }: Diagnosis): boolean => conclusion.againAfterMs === undefined;
const isFelt = ({ conclusion }: Diagnosis): boolean => conclusion.severity !== 'info';

test.each([
  ['loop', 'spin', 8],
  ['regex', 'matchName', 15],
])('a %s is named with its line while it blocks main', { timeout: 60_000 }, async (how, name, line) => {
  const service = await startService('blocking');
  service.start(how);
  await service.until('runtime', ({ mainBlockedMs }) => Number(mainBlockedMs) > 0);
  // On a busy machine the first look may come before main has had a core: it asks to look again.
  const { checkId, conclusion } = await service.diagnosed('runtime', isFinal);
  expect(checkId).toBe('runtime.event_loop_blocked');
  expect(conclusion.context).toContain('and still is');
  const [subject] = conclusion.subjects;
  expect(subject).toMatchObject({ kind: 'function', name, file: expect.stringMatching(/blocking\.ts$/) });
  expect(Math.abs(Number(subject?.line) - line)).toBeLessThanOrEqual(4);
});

test('a native call is told by its kind at once, and named when it has returned', {
  timeout: 60_000,
}, async () => {
  const service = await startService('blocking');
  service.start('native');
  await service.until('runtime', ({ mainBlockedMs }) => Number(mainBlockedMs) > 300);
  const { conclusion } = await service.diagnosed('runtime', isFelt);
  expect(conclusion).toMatchObject({
    observation: expect.stringContaining('inside a native CPU-bound call'),
    againAfterMs: expect.any(Number),
    subjects: [{ kind: 'process', name: 'main thread' }],
  });
  await service.call('runtime', 'runtime_await_stall_end', [20_000]);
  const named = await service.diagnosed('runtime', isFinal);
  expect(named.conclusion).toMatchObject({
    severity: 'critical',
    subjects: [{ kind: 'function', name: 'hashPassword', file: expect.stringMatching(/blocking\.ts$/) }],
  });
});

test('repeated stalls are one finding with the function that they share', { timeout: 60_000 }, async () => {
  const service = await startService('blocking');
  service.favour();
  service.start('repeated');
  const { conclusion } = await service.diagnosed('runtime', isFelt);
  expect(conclusion.severity).toBe('warning');
  expect(conclusion.subjects[0]?.name).toBe('price');
});

test('a hot function without a stall is named', { timeout: 60_000 }, async () => {
  const service = await startService('blocking');
  service.favour();
  service.start('hot');
  const { conclusion } = await service.diagnosed('runtime', ({ checkId }) => checkId === 'runtime.cpu_hot');
  expect(conclusion.severity).toBe('warning');
  expect(conclusion.subjects[0]).toMatchObject({ kind: 'function', name: 'spin', unit: '%' });
});

/** On a busy machine a healthy main may be without a core at that instant. */
const unblamed = [null, 'not-scheduled'];

test('a healthy process is silent, and tells all that is asked', { timeout: 60_000 }, async () => {
  const service = await startService('blocking');
  service.favour();
  service.start('healthy');
  const snapshot = await service.until('runtime', ({ uptimeSeconds }) => Number(uptimeSeconds) >= 10);
  expect(snapshot).toMatchObject({
    rssMb: expect.any(Number),
    heapUsedPercent: expect.any(Number),
    threads: expect.any(Number),
  });
  expect(unblamed).toContain(snapshot.blockKind);
  expect(
    (await service.diagnose('runtime')).filter(({ conclusion }) => conclusion.severity !== 'info'),
  ).toEqual([]);
  const resources = await service.call('runtime', 'runtime_active_resources');
  expect(resources.Timeout).toBeGreaterThan(0);
  const hot = await service.call<{ functions: { name: string }[] }>('runtime', 'runtime_hot_functions', [5]);
  expect(hot.functions.map(({ name }) => name)).toContain('spin');
  const stall = await service.call<{ kind: string } | null>('runtime', 'runtime_current_stall');
  expect(unblamed).toContain(stall?.kind ?? null);
  expect(await service.call('runtime', 'runtime_await_stall_end')).toEqual({ ended: true, stall: null });
  expect(await service.call('runtime', 'runtime_memory')).toMatchObject({ heapUsedMb: expect.any(Number) });
  expect(await service.call('runtime', 'runtime_cpu', [5])).toMatchObject({
    mainMeanPercent: expect.any(Number),
  });
  expect(await service.call('runtime', 'runtime_event_loop', [5])).toMatchObject({
    delayP50Ms: expect.any(Number),
  });
  expect((await service.call<unknown[]>('runtime', 'runtime_threads')).length).toBeGreaterThan(3);
});
