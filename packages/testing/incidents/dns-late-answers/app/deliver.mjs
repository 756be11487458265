// One POST to one subscriber. Subscribers are many and rarely asked twice within a minute: connections are not kept.
import { Agent, request } from 'node:http';
import { lookup } from './resolver.mjs';

const agent = new Agent({ keepAlive: false, lookup });
const TIMEOUT_MS = 8_000;

export function deliver({ host, port, path }, event) {
  return new Promise((resolve, reject) => {
    const body = JSON.stringify(event);
    const outgoing = request({
      host,
      port,
      path,
      agent,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    outgoing.on('error', reject);
    outgoing.on('response', (response) => {
      response.resume();
      response.on('end', () =>
        response.statusCode < 300 ? resolve() : reject(new Error(`${host} answered ${response.statusCode}`)),
      );
    });
    outgoing.end(body);
  });
}
