// One report over the last so many days.
import { parentPort, workerData } from 'node:worker_threads';
import { linesOf } from './movements.mjs';
import { totalsOf } from './totals.mjs';

parentPort.postMessage(totalsOf(linesOf(workerData.days)));
