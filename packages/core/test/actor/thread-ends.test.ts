// How a thread may end under its actor: each way is told with its reason, and nothing else is touched.
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { ExitReason } from '../../src/actor/exit.ts';
import type { ChildSpec } from '../../src/actor/supervision/child-spec.ts';
import { badSpec, talkerSpec } from './fixtures/specs.ts';
import { type HostName, openHost } from './hosts.ts';

const ends: readonly (readonly [by: string, reason: unknown])[] = [
  ['exit', { kind: 'thread-ended', exitCode: 7 }],
  ['uncaught', { kind: 'failed', error: expect.objectContaining({ name: 'RangeError', message: 'late' }) }],
  ['memory', { kind: 'killed', why: 'memory-limit' } satisfies ExitReason],
  ['memory of a growing table', { kind: 'killed', why: 'memory-limit' } satisfies ExitReason],
  ['memory of buffers', { kind: 'killed', why: 'memory-limit' } satisfies ExitReason],
  ['loop', { kind: 'killed', why: 'unresponsive' } satisfies ExitReason],
];

const mortal = (by: string, placement: ChildSpec['placement']): ChildSpec =>
  badSpec('createMortal', {
    input: { by },
    placement,
    // For the start on a busy machine too.
    heartbeatTimeoutMs: 2_000,
    memoryMb: 32,
  });

describe.each(['thread', 'parked', 'pool', 'remote'] satisfies HostName[])('%s host', (name) => {
  test.each(ends)(
    'an end by %s is told, rejects the question, and leaves the neighbour alone',
    async (by, reason) => {
      const host = openHost(name);
      const placement = name === 'pool' ? 'pool' : 'thread';
      const neighbour = await host.start(talkerSpec({ placement }));
      const actor = await host.start(mortal(by, placement));
      expect(await actor.ask('alive', { timeoutMs: 10_000 })).toBe('createMortal');
      const answer = actor.ask('die', { timeoutMs: 20_000 });
      await expect(answer).rejects.toMatchObject({ code: 'actor_exited' });
      expect(await actor.exited).toEqual(reason);
      expect(await neighbour.ask('well?', { timeoutMs: 10_000 })).toBe('well?');
      const next = await host.start(talkerSpec({ placement }));
      expect(await next.ask('next', { timeoutMs: 10_000 })).toBe('next');
    },
  );

  test('a thread that cannot load its first file is a failed start that names it, with the cause', async () => {
    onTestFinished(() => void vi.unstubAllEnvs());
    // Threads heed it before anything else.
    vi.stubEnv('NODE_OPTIONS', '--import=data:text/javascript,throw%20new%20RangeError(`broken`)');
    const placement = name === 'pool' ? 'pool' : 'thread';
    await expect(openHost(name).start(talkerSpec({ placement }))).rejects.toMatchObject({
      code: 'actor_start_failed',
      message: expect.stringContaining(`actor/entry/${name === 'pool' ? 'pool-task' : 'actor-thread'}.`),
      cause: { name: 'RangeError', message: 'broken' },
    });
  });

  test('a loop at the start is found by its heartbeat and is a failed start', async () => {
    const spec = badSpec('loopsAtStart', { startMs: 10_000, heartbeatTimeoutMs: 500 });
    await expect(openHost(name).start(spec)).rejects.toMatchObject({
      code: 'actor_start_failed',
      message: expect.stringContaining('killed: unresponsive'),
    });
  });
});
