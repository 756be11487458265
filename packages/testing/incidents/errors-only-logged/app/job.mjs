import { store } from './archive.mjs';
import { createLogger } from './log.mjs';
import { receiptOf } from './receipts.mjs';
import { takeOpen } from './sales.mjs';

const log = createLogger('job');
const EVERY_MS = 500;
const BATCH = 50;

async function run() {
  const receipts = takeOpen(BATCH).map(receiptOf);
  if (receipts.length === 0) return;
  try {
    const stored = await store(receipts);
    log.info('batch is done', { receipts: receipts.length, stored });
  } catch (error) {
    log.warn('batch is put off', { reason: error.message });
  }
}

export const start = () => void setInterval(run, EVERY_MS);
