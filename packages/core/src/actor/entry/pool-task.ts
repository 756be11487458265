// One piscina task is one actor's life. The thread goes back to the pool when it ends by itself.
import type { ActorStart } from '../actor-start.ts';
import { Cell } from '../cell.ts';
import { systemClock } from '../clock.ts';
import { startBeating } from '../heartbeat.ts';
import { nameOwnThread, nameWhileBusy, threadName } from '../kernel-thread.ts';
import { PortLine } from '../port-line.ts';
import { regainPriority } from '../slow-down.ts';

const POOLED = threadName('pool');
nameOwnThread(POOLED);

export default async function runPooledActor({ spec, port, ports, heart }: ActorStart): Promise<void> {
  const stopBeating = startBeating(heart);
  const giveNameBack = nameWhileBusy(threadName(spec.id), POOLED);
  await new Cell({ spec, line: new PortLine(port), ports, clock: systemClock, heart }).ended;
  giveNameBack();
  stopBeating();
  // A thread that stays slow is no thread for the next one; the pool starts another.
  if (!regainPriority()) process.exit(0);
}
