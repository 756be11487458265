// Runs each job once per period, at a moment of it that its name gives, so that they do not meet.
import { createHash } from 'node:crypto';

const KEPT = 50;

export function createSchedule({ everyMs }) {
  const last = new Map();
  let ran = [];

  const runJob = (name, job) => {
    const startedAt = performance.now();
    job();
    last.set(name, Date.now());
    ran = [...ran.slice(1 - KEPT), { name, ms: Math.round(performance.now() - startedAt) }];
    plan(name, job);
  };

  const plan = (name, job) => {
    const momentMs = createHash('md5').update(name).digest().readUInt32BE(0) % everyMs;
    const dueInMs = everyMs - ((Date.now() - momentMs) % everyMs);
    setTimeout(runJob, dueInMs, name, job);
  };

  return {
    add: plan,
    runs: () => ({ jobs: last.size, newest: ran.slice(-10) }),
  };
}
