// A burst of one-way messages to an actor of the same thread, until all are handled: nact, and ours.
import { dispatch, type Ref, spawn, start, stop } from 'nact';
import { importCore } from '../core.ts';
import { type OpenGroup, timeOf } from '../group.ts';
import { counterSpec } from '../subjects.ts';

const BURST = 10_000;

interface Add {
  readonly type: 'add';
  readonly n: number;
}

function nactCounter(system: ReturnType<typeof start>, name: string): () => Promise<void> {
  let handled = (): void => {};
  const actor: Ref<Add> = spawn(
    system,
    (total: number = 0, message: Add) => {
      const next = total + message.n;
      if (next % BURST === 0) handled();
      return next;
    },
    name,
  );
  return () =>
    new Promise((resolve) => {
      handled = resolve;
      for (let sent = 0; sent < BURST; sent += 1) dispatch(actor, { type: 'add', n: 1 });
    });
}

export const open: OpenGroup = async () => {
  const { createInProcessHost } = await importCore('actor/hosts/in-process-host');
  const system = start();
  const host = createInProcessHost();
  const ref = await host.start(counterSpec({ placement: 'local', mailboxCapacity: 2 * BURST }));
  const burst = async (): Promise<void> => {
    for (let sent = 0; sent < BURST; sent += 1) ref.tell({ type: 'add', n: 1 });
    await ref.ask({ type: 'total' }, { timeoutMs: 10_000 });
  };
  const each = (work: () => Promise<void>) => () => timeOf(work, BURST);
  return {
    cases: [
      { name: 'nact', run: each(nactCounter(system, 'counter')) },
      { name: 'control', run: each(nactCounter(system, 'control')) },
      { name: 'actor', run: each(burst) },
    ],
    async close() {
      await host.close();
      stop(system);
    },
  };
};
