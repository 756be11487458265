// Makes reports in a worker of their own each, so that the service stays quick and a large one cannot take its memory.
import { Worker } from 'node:worker_threads';
import { log } from './log.mjs';

const HEAP_MB = 48;
const KEPT = 20;

const finished = new Map();
let last = Promise.resolve();

export function reportFor(days) {
  const known = finished.get(days);
  if (known !== undefined) return known;
  const report = last.then(() => make(days));
  last = report.catch(() => undefined);
  return report;
}

function make(days) {
  const worker = new Worker(new URL('./report-worker.mjs', import.meta.url), {
    workerData: { days },
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  });
  return new Promise((resolve, reject) => {
    worker.once('message', (report) => {
      remember(days, report);
      resolve(report);
    });
    worker.once('error', reject);
    worker.once('exit', (code) => {
      log('report made', { days, code });
      reject(new Error(`no report was made (exit code ${code})`));
    });
  });
}

function remember(days, report) {
  finished.set(days, report);
  if (finished.size > KEPT) finished.delete(finished.keys().next().value);
}
