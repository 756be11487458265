// What runs in the launcher thread: it starts, watches and ends the actors' threads, the pool and the sandbox process,
// and nothing else, so that it always answers. Services that it lacks are its parent's.
import type { MessagePort } from 'node:worker_threads';
import { createSandbox } from '@nodelens/sandbox';
import { serveSandbox } from '../sandbox-port.ts';
import { createPlacementHost } from './placement-host.ts';
import type { PoolOptions } from './pool-host.ts';
import { serveHost } from './remote-host.ts';
import type { Connect, ServiceName } from './services.ts';

export interface LauncherOptions {
  /** Hands a service that the launcher lacks to its parent. */
  readonly parent: Connect;
  readonly pool?: PoolOptions;
}

export interface Launcher {
  connect(service: ServiceName, port: MessagePort): void;
  /** Stops all actors, then the threads, the pool and the sandbox process. */
  close(): Promise<void>;
}

export function createLauncher({ parent, pool }: LauncherOptions): Launcher {
  const sandbox = createSandbox();
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
      case 'skills':
      case 'main-skills':
      case 'main-model':
        return parent(service, port);
    }
  };
  const host = createPlacementHost({ connect, ...(pool && { pool }) });
  const close = async (): Promise<void> => {
    await Promise.all([...clients].map((undo) => undo()));
    await Promise.all([host.close(), sandbox.close()]);
  };
  return { connect, close };
}
