// Ends sessions that nobody has used for two weeks.
import { log } from './log.mjs';
import { endOlderThan } from './session-store.mjs';

const EVERY_MS = 2_000;
const KEPT_MS = 14 * 24 * 60 * 60 * 1_000;

export function startSweep() {
  setInterval(
    () =>
      endOlderThan(Date.now() - KEPT_MS).catch((error) => log('sweep is late', { reason: error.message })),
    EVERY_MS,
  ).unref();
}
