import { randomUUID } from 'node:crypto';

const GIVEN_UP_MS = 1_000;

export function createJobs(farm) {
  const open = new Map();
  let settled = 0;
  return {
    /** Resolves with the summary of the job when the farm has replied, or with nothing when it is given up. */
    submit(pages) {
      const job = randomUUID();
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          open.delete(job);
          resolve(undefined);
        }, GIVEN_UP_MS);
        open.set(job, (reply) => {
          clearTimeout(timer);
          const lines = pages.reduce((sum, page) => sum + page.lines.length, 0);
          resolve({ job, pages: pages.length, lines, ms: reply.ms });
        });
        farm.order(job, pages.length).catch((error) => {
          open.delete(job);
          reject(error);
        });
      });
    },
    settle(job, reply) {
      const finish = open.get(job);
      if (finish === undefined) return;
      open.delete(job);
      settled += 1;
      finish(reply);
    },
    figures: () => ({ settled, open: open.size }),
  };
}
