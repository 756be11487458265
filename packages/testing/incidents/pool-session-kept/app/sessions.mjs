// Sessions with the reservation system, over one kept-alive connection each.
import { Agent, request } from 'node:http';
import { SessionPool } from './session-pool.mjs';

let opened = 0;

class Session {
  #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(id) {
    this.id = id;
  }

  ask(path) {
    return new Promise((resolve, reject) => {
      const asked = request(new URL(path, process.env.RESERVATIONS_URL), {
        agent: this.#agent,
        headers: { 'x-session': this.id },
        timeout: 5_000,
      });
      asked.on('error', reject);
      asked.on('timeout', () => asked.destroy(new Error('not answered in time')));
      asked.on('response', async (response) => {
        try {
          resolve(JSON.parse(Buffer.concat(await response.toArray()).toString()));
        } catch (error) {
          reject(error);
        }
      });
      asked.end();
    });
  }
}

export const sessions = new SessionPool(
  async () => {
    opened += 1;
    return new Session(`s-${opened}`);
  },
  { limit: 8, waitMs: 9_000 },
);
