// Hands mails to the relay, the oldest first, and marks them as sent.
import { log } from './log.mjs';
import { idsIn, markSent, read } from './spool.mjs';

const EVERY_MS = 200;
const AT_ONCE = 8;

export function startDelivery(relayUrl) {
  const turn = async () => {
    try {
      const ids = (await idsIn('new')).slice(0, AT_ONCE);
      await Promise.all(ids.map((id) => deliver(id, relayUrl)));
    } catch (error) {
      log('delivery is late', { reason: error.message });
    }
    setTimeout(turn, EVERY_MS);
  };
  setTimeout(turn, EVERY_MS);
}

async function deliver(id, relayUrl) {
  const response = await fetch(relayUrl, { method: 'POST', body: await read(id) });
  await response.arrayBuffer();
  if (response.ok) await markSent(id);
}
