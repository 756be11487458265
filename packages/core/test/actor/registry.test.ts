import { expect, test } from 'vitest';
import { Registry } from '../../src/actor/supervision/registry.ts';
import { talkerSpec } from './fixtures/specs.ts';
import { openHost } from './hosts.ts';

test('a name finds its actor, is unique while it runs, and is free after its end', async () => {
  const host = openHost('in-process');
  const registry = new Registry();
  const first = await host.start(talkerSpec());
  registry.register('runtime', first);
  expect(registry.get('runtime')).toBe(first);
  expect(() => registry.register('runtime', first)).toThrow(
    expect.objectContaining({ code: 'actor_already_started' }),
  );

  await host.stop(first);
  expect(registry.find('runtime')).toBeUndefined();
  expect(() => registry.get('runtime')).toThrow(expect.objectContaining({ code: 'actor_not_found' }));
  const second = await host.start(talkerSpec());
  const undo = registry.register('runtime', second);
  expect(registry.names()).toEqual(['runtime']);
  undo();
  expect(registry.names()).toEqual([]);
});

test('the undo of an old registration leaves a newer one alone', async () => {
  const host = openHost('in-process');
  const registry = new Registry();
  const undo = registry.register('a', await host.start(talkerSpec()));
  undo();
  const second = await host.start(talkerSpec());
  registry.register('a', second);
  undo();
  expect(registry.get('a')).toBe(second);
});
