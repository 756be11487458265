import { balance } from './accounts.mjs';
import { payOut } from './bank.mjs';
import { HOUSE, inTransaction } from './database.mjs';
import { createLogger } from './log.mjs';
import { book } from './transfers.mjs';

const log = createLogger('settlement');
const EVERY_MS = 2_000;
const RESERVE_CENTS = 1_000_000;

/** Pays out what the fees have brought since the last time. */
export async function settle() {
  try {
    const cents = (await balance(HOUSE)).cents - RESERVE_CENTS;
    if (cents <= 0) return;
    const reference = await payOut(cents);
    await inTransaction((client) => book(client, HOUSE, -cents));
    log.info('paid out', { cents, reference });
  } catch (error) {
    log.warn('not paid out', { reason: error.message });
  }
}

export function start() {
  let isRunning = false;
  setInterval(async () => {
    if (isRunning) return;
    isRunning = true;
    await settle();
    isRunning = false;
  }, EVERY_MS);
}
