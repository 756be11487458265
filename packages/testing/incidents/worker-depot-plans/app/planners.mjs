// The workers that plan, and what they have been asked. A depot always goes to the same one.
import { Worker } from 'node:worker_threads';
import { log } from './log.mjs';

const PLANNERS = 3;
const PATIENCE_MS = 3_000;

const planners = [];
const asked = new Map();
let lastId = 0;

export function startPlanners() {
  for (let place = 0; place < PLANNERS; place += 1) {
    const planner = new Worker(new URL('./plan-worker.mjs', import.meta.url), { name: `planner-${place}` });
    planner.on('message', ({ id, plan }) => answer(id, plan));
    planner.on('error', (error) => log('planner ended', { place, reason: error.message }));
    planners[place] = planner;
  }
}

export function planFor(depot, orders) {
  lastId += 1;
  const id = lastId;
  planners[depot.number % PLANNERS].postMessage({ id, depot, orders });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      asked.delete(id);
      reject(new Error(`no plan for ${depot.name} within ${PATIENCE_MS} ms`));
    }, PATIENCE_MS);
    asked.set(id, { resolve, timer });
  });
}

export const plannerStatus = () => ({ planners: planners.length, asked: asked.size });

function answer(id, plan) {
  const waiting = asked.get(id);
  if (waiting === undefined) return;
  clearTimeout(waiting.timer);
  asked.delete(id);
  waiting.resolve(plan);
}
