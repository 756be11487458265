import { createHash } from 'node:crypto';
import { priceLine } from './pricing.mjs';

const MAX_QUOTES = 150;
const quotes = new Map();

const keyOf = ({ customer, currency }, lines) =>
  createHash('sha1')
    .update(`${customer} ${currency} ${lines.map(({ sku, amount }) => `${sku}:${amount}`).join(',')}`)
    .digest('hex');

/** A customer who reloads the page gets the quote that was made before. */
export function quoteFor(session, lines) {
  const key = keyOf(session, lines);
  const known = quotes.get(key);
  if (known !== undefined) return known;
  const priced = lines.map((line) => priceLine(line, session));
  const total = priced.reduce((sum, { net, tax }) => sum + net + tax, 0);
  const quote = { key, total, currency: session.currency, lines: priced, madeAt: new Date() };
  quotes.set(key, quote);
  if (quotes.size > MAX_QUOTES) quotes.delete(quotes.keys().next().value);
  return quote;
}
