// Of what was sent the newest are kept.
import { log } from './log.mjs';
import { idsIn, removeSent } from './spool.mjs';

const EVERY_MS = 1_000;
const KEPT = 80;

export function startRetention() {
  setInterval(async () => {
    try {
      const ids = await idsIn('sent');
      for (const id of ids.slice(0, Math.max(0, ids.length - KEPT))) await removeSent(id);
    } catch (error) {
      log('retention is late', { reason: error.message });
    }
  }, EVERY_MS).unref();
}
