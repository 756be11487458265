import { randomUUID } from 'node:crypto';
import { createLogger } from './log.mjs';
import { cheapest } from './tariffs.mjs';

const log = createLogger('quotes');
const VALID_MS = 15 * 60_000;
const MOST = 2_000;
const open = new Map();

export function quote(parcel) {
  const id = randomUUID();
  const offers = cheapest(parcel);
  open.set(id, { offers, validUntil: Date.now() + VALID_MS });
  const [oldest] = open.keys();
  if (open.size > MOST) open.delete(oldest);
  log.info('quote made', { quote: id, from: parcel.from, to: parcel.to, offers: offers.length });
  return { id, offers };
}

export function find(id) {
  const known = open.get(id);
  return known === undefined || known.validUntil < Date.now() ? undefined : known;
}

/** Quotes that nobody took are dropped. */
setInterval(() => {
  for (const [id, { validUntil }] of open) if (validUntil < Date.now()) open.delete(id);
}, 60_000).unref();
