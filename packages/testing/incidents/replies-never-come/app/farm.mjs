import { Agent, request } from 'node:http';

/** The farm takes a job and replies later, by itself. */
export function createFarm(url) {
  const agent = new Agent({ keepAlive: true, maxSockets: 6 });
  return {
    order(job, size) {
      return new Promise((resolve, reject) => {
        const outgoing = request(`${url}/jobs?job=${job}&size=${size}`, {
          method: 'POST',
          agent,
          timeout: 2_000,
        });
        outgoing.on('response', (answer) => answer.resume().on('end', () => resolve(answer.statusCode)));
        outgoing.on('timeout', () => outgoing.destroy(new Error('the farm takes no jobs')));
        outgoing.on('error', reject);
        outgoing.end();
      });
    },
  };
}
