// Strategies in a running system: on the thread of the socket's investigations, and on main.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { pipeline } from '../../src/coordinator/strategy-ref.ts';
import { ControlClient } from '../../src/recorder/control/client.ts';
import { pulse, startLens } from './kit.ts';

test('the strategy of the system leads on every thread, that of a run only there, and may be a function on main', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'nodelens-strategy-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const lens = await startLens({
    operators: [{ skill: pulse() }],
    control: folder,
    strategy: {
      kind: 'strategy-ref',
      name: 'one-by-one',
      module: new URL('../coordinator/fixtures/strategies.ts', import.meta.url).href,
      exportName: 'createOneByOne',
      options: { first: 'pulse' },
    },
  });
  const client = await ControlClient.connect(process.pid, lens.controlPath ?? '');
  onTestFinished(() => client.close());

  const overSocket = client.request('investigate', { reason: 'it is slow' }, { timeoutMs: 60_000 });
  expect(await overSocket).toMatchObject({ status: 'completed', answer: 'pulse found it.' });

  const byPipeline = { reason: 'it is slow', strategy: pipeline() };
  const answered = await client.request('investigate', byPipeline, { timeoutMs: 60_000 });
  expect(answered).toMatchObject({ status: 'completed', answer: expect.stringContaining('beat') });

  const asked: string[] = [];
  const onMain = await lens.coordinator.run(
    { reason: 'it is slow', shop: 'berlin' },
    {
      strategy: async ({ reason, context, operators }) => {
        asked.push(reason, JSON.stringify(context), ...operators.map(({ name }) => name));
        return undefined;
      },
    },
  );
  expect(asked).toEqual(['it is slow', '{"shop":"berlin"}', 'pulse']);
  expect(onMain).toMatchObject({ status: 'completed', operators: [] });
  expect(onMain.answer).toBeUndefined();
});
