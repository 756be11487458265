// The archive answers 200 for a batch, and for each receipt in it whether it has taken it.
import { createLogger } from './log.mjs';

const log = createLogger('archive');

export async function store(receipts) {
  const response = await fetch(`${process.env.ARCHIVE_URL}/batches`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(receipts),
  });
  const { results } = await response.json();
  let stored = 0;
  for (const { number, isStored, reason } of results) {
    if (isStored) stored += 1;
    else log.error('receipt was not taken', { number, reason });
  }
  return stored;
}
