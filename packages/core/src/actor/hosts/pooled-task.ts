// What a pooled thread does: one piscina task is one actor's life. The thread goes back to the pool when it ends by itself.
import { parentPort, workerData } from 'node:worker_threads';
import type { LoadedModules } from '../actor-module.ts';
import { Cell } from '../cell.ts';
import { systemClock } from '../clock.ts';
import { startBeating } from '../limits/beating.ts';
import { nameOwnThread, nameWhileBusy, threadName } from '../limits/kernel-thread.ts';
import { regainPriority } from '../limits/slow-down.ts';
import { PortLine } from '../messages/port-line.ts';
import type { ActorStart } from './actor-start.ts';
import { KeptPorts } from './kept-ports.ts';
import type { PooledThreadData } from './pool-threads.ts';
import type { ConnectMessage } from './services.ts';

const POOLED = threadName('pool');

/**
 * Called once, when the thread has come up.
 * @param modules what its first file has brought along.
 */
export function createPooledTask(modules: LoadedModules = new Map()): (start: ActorStart) => Promise<void> {
  nameOwnThread(POOLED);
  const { canConnect } = workerData as PooledThreadData;
  const kept = new KeptPorts((service, port) =>
    parentPort?.postMessage({ type: 'connect', service, port } satisfies ConnectMessage, [port]),
  );
  return async ({ spec, port, ports, heart }) => {
    const stopBeating = startBeating(heart);
    const giveNameBack = nameWhileBusy(threadName(spec.id), POOLED);
    const own = kept.portsOf(canConnect ? (spec.services ?? []) : [], ports);
    await new Cell({
      spec,
      line: new PortLine(port),
      ports: own.ports,
      closePorts: own.close,
      modules,
      clock: systemClock,
      heart,
    }).ended;
    giveNameBack();
    stopBeating();
    // A thread that stays slow is no thread for the next one; the pool starts another.
    if (!regainPriority()) process.exit(0);
  };
}
