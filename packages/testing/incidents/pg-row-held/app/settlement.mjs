import { payOut } from './bank.mjs';
import { HOUSE, pool } from './database.mjs';
import { createLogger } from './log.mjs';
import { book } from './transfers.mjs';

const log = createLogger('settlement');
const EVERY_MS = 2_000;
const RESERVE_CENTS = 1_000_000;

/** Pays out what the fees have brought since the last time. */
export async function settle() {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const { rows } = await client.query(
      'select balance_cents::int as cents from accounts where id = $1 for update',
      [HOUSE],
    );
    const cents = rows[0].cents - RESERVE_CENTS;
    if (cents > 0) {
      const reference = await payOut(cents);
      await book(client, HOUSE, -cents);
      log.info('paid out', { cents, reference });
    }
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    log.warn('not paid out', { reason: error.message });
  } finally {
    client.release();
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
