// The mail gateway of the company; now and then it is busy, and says so.
import { setTimeout as delay } from 'node:timers/promises';
import { createLogger } from './log.mjs';

const log = createLogger('mail');
const TRIES = 3;
const WAIT_MS = 200;

export async function send(message) {
  for (let attempt = 1; ; attempt += 1) {
    const response = await fetch(`${process.env.MAIL_URL}/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(message),
    });
    await response.arrayBuffer();
    if (response.ok) return;
    if (attempt === TRIES) throw new Error(`the gateway answered ${response.status} ${TRIES} times`);
    log.warn('gateway is busy, attempt %d of %d', attempt, TRIES);
    await delay(WAIT_MS * attempt);
  }
}
