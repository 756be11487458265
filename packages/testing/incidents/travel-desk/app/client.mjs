import { Agent, get } from 'node:http';

const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const TIMEOUT_MS = 8_000;

export function getJson(url) {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, timeout: TIMEOUT_MS }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => {
        if (response.statusCode >= 400) reject(new Error(`${url} answered ${response.statusCode}`));
        else resolve(JSON.parse(text));
      });
    });
    request.on('timeout', () => request.destroy(new Error(`${url} took too long`)));
    request.on('error', reject);
  });
}
