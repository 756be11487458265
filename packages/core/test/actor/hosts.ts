// The hosts under test, each with what it needs around it.
import { MessageChannel } from 'node:worker_threads';
import { onTestFinished } from 'vitest';
import { ActorHost, type HostOptions, type RunRequest } from '../../src/actor/hosts/actor-host.ts';
import { createInProcessHost } from '../../src/actor/hosts/in-process-host.ts';
import { createPlacementHost } from '../../src/actor/hosts/placement-host.ts';
import { createPoolHost } from '../../src/actor/hosts/pool-host.ts';
import { connectHost } from '../../src/actor/hosts/remote-host.ts';
import { serveHost } from '../../src/actor/hosts/served-host.ts';
import { createThreadHost, ThreadStage } from '../../src/actor/hosts/thread-host.ts';

export type HostName = 'in-process' | 'thread' | 'parked' | 'pool' | 'remote';

export const hosts: { readonly [N in HostName]: (options: HostOptions) => ActorHost } = {
  'in-process': createInProcessHost,
  thread: createThreadHost,
  /** Each actor on a thread that was there before. */
  parked(options) {
    const threads = new ThreadStage(options.clock);
    const stage = {
      run: (request: RunRequest) => threads.park([]).run(request),
      close: () => threads.close(),
    };
    return new ActorHost(stage, options);
  },
  pool: (options) => createPoolHost({ maxThreads: 2 }, options),
  remote(options) {
    const { port1, port2 } = new MessageChannel();
    const placement = createPlacementHost({ connect: (_, port) => port.close() });
    const undo = serveHost(port2, placement);
    onTestFinished(async () => {
      await undo();
      await placement.close();
    });
    return connectHost(port1, options);
  },
};

/** A host that is closed when the test has finished. */
export function openHost(name: HostName, options: HostOptions = {}): ActorHost {
  const host = hosts[name](options);
  onTestFinished(() => host.close());
  return host;
}
