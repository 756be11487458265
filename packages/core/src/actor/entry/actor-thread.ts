// First file of a thread that is one actor's own, or will be: runs it, and ends with it, whatever it left open.
import { workerData } from 'node:worker_threads';
import { Cell } from '../cell.ts';
import { systemClock } from '../clock.ts';
import type { ActorStart } from '../hosts/actor-start.ts';
import { type ParkedStart, waitForActor } from '../hosts/parked-thread.ts';
import { startBeating } from '../limits/beating.ts';
import { PortLine } from '../messages/port-line.ts';

const given = workerData as ActorStart | ParkedStart;
const { spec, port, ports, heart } = 'spec' in given ? given : await waitForActor(given);
startBeating(heart);
await new Cell({ spec, line: new PortLine(port), ports, clock: systemClock, heart }).ended;
process.exit(0);
