// The published probe, run by a real host.
import { probeSpec } from '@nodelens/testing';
import { expect, test } from 'vitest';
import { openHost } from './hosts.ts';

test.each(['in-process', 'thread'] as const)('a probe records on the %s host', async (name) => {
  const host = openHost(name);
  const probe = await host.start(probeSpec('probe'));
  probe.tell('first');
  const second = { second: true };
  expect(await probe.ask(second, { timeoutMs: 10_000 })).toEqual(second);
  expect(await probe.ask({ type: 'probe.messages' }, { timeoutMs: 10_000 })).toEqual(['first', second]);
  probe.tell({ type: 'probe.fail', message: 'boom' });
  expect(await probe.exited).toMatchObject({ kind: 'failed', error: { message: 'boom' } });
});
