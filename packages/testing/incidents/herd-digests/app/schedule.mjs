// Runs each job once per period, at the full period of the clock, as cron does.

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
    const dueInMs = everyMs - (Date.now() % everyMs);
    setTimeout(runJob, dueInMs, name, job);
  };

  return {
    add: plan,
    runs: () => ({ jobs: last.size, newest: ran.slice(-10) }),
  };
}
