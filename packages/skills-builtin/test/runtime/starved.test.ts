import { expect, test } from 'vitest';
import { type Diagnosis, startService } from '../service.ts';

const isNamed = ({ conclusion }: Diagnosis): boolean => conclusion.subjects[0]?.kind === 'function';

test.each([
  ['ticks', 'ticks', 'drainQueue', 'process.nextTick'],
  ['microtasks', 'microtasks', 'settleOrders', 'a promise'],
  ['awaits', 'microtasks', 'pollForever', 'a promise'],
])(
  '%s that never end are told, with the function that re-queues itself',
  {
    timeout: 60_000,
  },
  async (how, kind, name, by) => {
    const service = await startService('runtime-shop', [], ['runtime']);
    service.start(how);
    await service.until('runtime', ({ blockStarvation }) => blockStarvation === kind);
    const { checkId, conclusion } = await service.diagnosed('runtime', isNamed);
    expect(checkId).toBe('runtime.event_loop_blocked');
    expect(conclusion.hypothesis).toContain(`${name} re-queues itself`);
    expect(conclusion.hypothesis).toContain(by);
    expect(conclusion.observation).toContain(`${name} (`);
    expect(conclusion.subjects[0]).toMatchObject({
      kind: 'function',
      name,
      file: expect.stringMatching(/runtime-shop\.ts$/),
    });
    const stall = await service.call('runtime', 'runtime_current_stall');
    expect(stall).toMatchObject({ starvation: kind, callback: { name, line: expect.any(Number) } });
  },
);
