// Ends sessions after a few seconds: the page asks for a new one by itself.
import { log } from './log.mjs';
import { endOlderThan } from './session-store.mjs';

const EVERY_MS = 1_000;
const KEPT_MS = 5_000;

export function startSweep() {
  setInterval(
    () =>
      endOlderThan(Date.now() - KEPT_MS).catch((error) => log('sweep is late', { reason: error.message })),
    EVERY_MS,
  ).unref();
}
