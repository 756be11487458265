// One piscina task is one actor's life. The thread goes back to the pool when it ends by itself.
import { parentPort, workerData } from 'node:worker_threads';
import type { ActorStart } from '../actor-start.ts';
import { startBeating } from '../beating.ts';
import { Cell } from '../cell.ts';
import { systemClock } from '../clock.ts';
import { KeptPorts } from '../kept-ports.ts';
import { nameOwnThread, nameWhileBusy, threadName } from '../kernel-thread.ts';
import type { PooledThreadData } from '../pool-threads.ts';
import { PortLine } from '../port-line.ts';
import type { ConnectMessage } from '../services.ts';
import { regainPriority } from '../slow-down.ts';

const POOLED = threadName('pool');
/** An actor that waits is here long before. */
const WARM_AFTER_MS = 50;
nameOwnThread(POOLED);
const { warm, canConnect } = workerData as PooledThreadData;
const kept = new KeptPorts((service, port) =>
  parentPort?.postMessage({ type: 'connect', service, port } satisfies ConnectMessage, [port]),
);
// A thread that comes up and finds no actor (its start was cancelled, another thread was free first) makes itself ready
// for the next. One that has an actor does not: it would load the same in the same time. What cannot be loaded is told
// by the actor that needs it.
const warming = setTimeout(() => {
  for (const module of warm) import(module).catch(() => {});
}, WARM_AFTER_MS).unref();

export default async function runPooledActor({ spec, port, ports, heart }: ActorStart): Promise<void> {
  clearTimeout(warming);
  const stopBeating = startBeating(heart);
  const giveNameBack = nameWhileBusy(threadName(spec.id), POOLED);
  const own = kept.portsOf(canConnect ? (spec.services ?? []) : [], ports);
  await new Cell({
    spec,
    line: new PortLine(port),
    ports: own.ports,
    closePorts: own.close,
    clock: systemClock,
    heart,
  }).ended;
  giveNameBack();
  stopBeating();
  // A thread that stays slow is no thread for the next one; the pool starts another.
  if (!regainPriority()) process.exit(0);
}
