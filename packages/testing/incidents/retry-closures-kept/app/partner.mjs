import { Agent, request } from 'node:http';

const TIMEOUT_MS = 2_000;

export function createPartner(url) {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  return {
    send(message) {
      const body = JSON.stringify(message);
      return new Promise((resolve, reject) => {
        const outgoing = request(`${url}/hooks`, { method: 'POST', agent, timeout: TIMEOUT_MS }, (answer) => {
          answer.resume();
          answer.on('end', () => {
            if (answer.statusCode < 300) resolve();
            else reject(new Error(`partner answered ${answer.statusCode}`));
          });
        });
        outgoing.on('timeout', () => outgoing.destroy(new Error('partner timed out')));
        outgoing.on('error', reject);
        outgoing.end(body);
      });
    },
  };
}
