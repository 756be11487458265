import { expect, test } from 'vitest';
import type { Host } from '../../src/actor/hosts/host.ts';
import type { ActorRef } from '../../src/actor/messages/ref.ts';
import type { ChildSpec } from '../../src/actor/supervision/child-spec.ts';
import type { JsonValue } from '../../src/json.ts';
import { triage } from '../../src/llm/references.ts';
import { createStandIn } from '../../src/system/stand-in.ts';

test('a caller that leaves while the coordinator is being started cancels the investigation', async () => {
  const controller = new AbortController();
  const messages: JsonValue[] = [];
  const cancelled = Promise.withResolvers<JsonValue>();
  const ref = {
    id: 'coordinator',
    exited: new Promise(() => undefined),
    onEvent: () => () => undefined,
    ask: (message: JsonValue) => {
      messages.push(message);
      return cancelled.promise;
    },
    tell: (message: JsonValue) => {
      messages.push(message);
      cancelled.resolve({ status: 'cancelled' });
    },
  } as unknown as ActorRef;
  const host = {
    start: async ({ input }: ChildSpec) => {
      expect(input).toMatchObject({ isForOneRun: true });
      controller.abort();
      return ref;
    },
    stop: async () => undefined,
  } as unknown as Host;
  const investigate = createStandIn({
    host: async () => host,
    operators: async () => [],
    model: triage(),
    headroom: () => 4_096,
  });

  const options = { signal: controller.signal, onEvent: () => undefined };
  expect(await investigate({ reason: 'it is slow' }, options)).toEqual({ status: 'cancelled' });
  const [run] = messages as [{ readonly request: { readonly id: string } }];
  expect(messages).toMatchObject([
    { type: 'coordinator.run', request: { reason: 'it is slow' } },
    { type: 'coordinator.cancel', investigationId: run.request.id },
  ]);
  expect(run.request.id).toMatch(/^[0-9a-f]{16}$/);
});
