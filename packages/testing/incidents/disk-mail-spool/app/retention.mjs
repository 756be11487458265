// What was sent is kept for three months.
import { log } from './log.mjs';
import { idsIn, removeSent } from './spool.mjs';

const EVERY_MS = 1_000;
const KEPT_MS = 90 * 24 * 60 * 60 * 1_000;

const sentAt = new Map();

export function startRetention() {
  setInterval(async () => {
    try {
      const now = Date.now();
      for (const id of await idsIn('sent')) {
        const at = sentAt.get(id) ?? now;
        sentAt.set(id, at);
        if (now - at < KEPT_MS) continue;
        sentAt.delete(id);
        await removeSent(id);
      }
    } catch (error) {
      log('retention is late', { reason: error.message });
    }
  }, EVERY_MS).unref();
}
