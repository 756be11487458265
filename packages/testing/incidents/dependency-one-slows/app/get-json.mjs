// GET over kept-alive connections, with one deadline for the whole exchange.
import { Agent, get } from 'node:http';

const agent = new Agent({ keepAlive: true, keepAliveMsecs: 5_000, maxFreeSockets: 32 });

export function getJson(base, path, { timeoutMs = 4_000 } = {}) {
  return new Promise((resolve, reject) => {
    const request = get(new URL(path, base), { agent, signal: AbortSignal.timeout(timeoutMs) });
    request.on('error', reject);
    request.on('response', async (response) => {
      const chunks = [];
      try {
        for await (const chunk of response) chunks.push(chunk);
        if (response.statusCode !== 200) throw new Error(`${base} answered ${response.statusCode}`);
        resolve(JSON.parse(Buffer.concat(chunks).toString()));
      } catch (error) {
        reject(error);
      }
    });
  });
}
