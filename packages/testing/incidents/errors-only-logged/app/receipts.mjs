import { createHash } from 'node:crypto';

const VAT = 0.19;

/** A receipt as the tax office wants it: numbered, with its tax and a checksum. */
export function receiptOf({ id, shop, cents, soldAt }) {
  const taxCents = Math.round(cents - cents / (1 + VAT));
  const text = [id, shop, cents, taxCents, new Date(soldAt).toISOString()].join(';');
  return {
    number: `R${String(id).padStart(8, '0')}`,
    text,
    sum: createHash('sha256').update(text).digest('hex'),
  };
}
