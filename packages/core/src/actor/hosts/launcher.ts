// What runs in the launcher thread: it starts, watches and ends the actors' threads, the pool and the sandbox process,
// and nothing else, so that it always answers. Services that it lacks are its parent's.
import type { MessagePort } from 'node:worker_threads';
import { createSandbox } from '@nodelens/sandbox';
import { serveRpc } from '../../rpc.ts';
import { serveSandbox } from '../../sandbox-port.ts';
import { workerUrl } from '../../worker-url.ts';
import { type Headroom, readHeadroomMb } from '../limits/headroom.ts';
import { LATE_RESERVE_MB, SANDBOX_MB, shortage } from '../limits/memory-need.ts';
import { ownVitals } from '../limits/own-vitals.ts';
import { ActorHost } from './actor-host.ts';
import type { CensusDesk } from './census.ts';
import { PlacementStage } from './placement-host.ts';
import type { PoolOptions } from './pool-options.ts';
import { serveHost } from './served-host.ts';
import type { Connect, ServiceName } from './services.ts';

export interface LauncherOptions {
  /** Hands a service that the launcher lacks to its parent. */
  readonly parent: Connect;
  readonly pool?: PoolOptions;
  /** Memory that may still be taken. Default: what the container and the machine have left. */
  readonly headroom?: Headroom;
}

/** As long as idle threads of the pool: the next operator's script comes within that time, or none does. */
const SANDBOX_IDLE_MS = 4_000;
/**
 * A thread starts in 100 ms or more, and most operators are done within 50: one warm thread is through with several
 * before others would be of help, and each of those costs the service 14 MB and the CPU of its start.
 */
const GROW_AFTER_MS = 250;
/** What all actors of the pool are: operators. */
const OPERATORS = workerUrl('../../operator/entry/operator-pool', import.meta.url).href;

export interface Launcher {
  connect(service: ServiceName, port: MessagePort): void;
  /** Stops all actors, then the threads, the pool and the sandbox process. */
  close(): Promise<void>;
}

export function createLauncher({ parent, pool, headroom = readHeadroomMb }: LauncherOptions): Launcher {
  const sandbox = createSandbox({
    idleMs: SANDBOX_IDLE_MS,
    refusal: () => shortage(SANDBOX_MB + LATE_RESERVE_MB, headroom())?.message,
  });
  // Whoever is started now will want a sandbox too.
  const besideSandbox = (): number => headroom() - (sandbox.pid === undefined ? SANDBOX_MB : 0);
  const clients = new Set<() => Promise<void>>();
  const connect: Connect = (service, port) => {
    switch (service) {
      case 'launcher': {
        const undo = serveHost(port, host);
        clients.add(undo);
        port.once('close', () => clients.delete(undo));
        return;
      }
      case 'sandbox':
        serveSandbox(port, sandbox);
        return;
      case 'census':
        serveRpc(port, desk);
        return;
      case 'skills':
      case 'store':
      case 'models':
      case 'residents':
      case 'main-skills':
      case 'main-model':
        return parent(service, port);
    }
  };
  const stage = new PlacementStage({
    connect,
    headroom: besideSandbox,
    pool: { growAfterMs: GROW_AFTER_MS, task: OPERATORS, ...pool },
  });
  const host = new ActorHost(stage);
  const startedAtMs = Date.now();
  const desk: CensusDesk = {
    census: async () => ({
      ...stage.census(),
      ...(sandbox.pid !== undefined && { sandboxPid: sandbox.pid }),
      teller: { startedAtMs, vitals: ownVitals() },
    }),
  };
  const close = async (): Promise<void> => {
    await Promise.all([...clients].map((undo) => undo()));
    await Promise.all([host.close(), sandbox.close()]);
  };
  return { connect, close };
}
