// Events on their way to subscribers: a few at a time, each tried up to three times.
import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { log } from './log.mjs';

const TRIES = 3;
const AT_ONCE = 20;
const ANSWER_WITHIN_MS = 5_000;

function deliver(url, event) {
  const body = JSON.stringify(event);
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
    });
    const timer = setTimeout(() => outgoing.destroy(new Error('no answer in time')), ANSWER_WITHIN_MS);
    outgoing.once('error', reject);
    outgoing.once('close', () => clearTimeout(timer));
    outgoing.once('response', ({ statusCode }) => {
      clearTimeout(timer);
      if (statusCode < 300) resolve(statusCode);
      else reject(new Error(`the subscriber answered ${statusCode}`));
    });
    outgoing.end(body);
  });
}

export function createDeliveries() {
  const waiting = [];
  const figures = { delivered: 0, given_up: 0, retried: 0 };
  let running = 0;

  async function attempt({ url, event }) {
    for (let round = 1; round <= TRIES; round += 1) {
      try {
        await deliver(url, event);
        figures.delivered += 1;
        return;
      } catch (error) {
        log.warn('delivery', { url, round, message: error.message });
        figures.retried += 1;
        await pause(100 * 2 ** round);
      }
    }
    figures.given_up += 1;
  }

  async function work() {
    running += 1;
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await attempt(next);
    running -= 1;
  }

  return {
    enqueue(url, event) {
      waiting.push({ url, event });
      if (running < AT_ONCE) void work();
    },
    stats: () => ({ ...figures, waiting: waiting.length, running }),
  };
}
