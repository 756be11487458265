// What is in a basket, priced.
import { fetchJson } from './fetch-json.mjs';
import { priceList } from './price-list.mjs';

const REGION = 'north';

export async function basketOf(id) {
  const [{ lines }, prices] = await Promise.all([
    fetchJson(`${process.env.ORDERS_URL}/baskets/${id}`),
    priceList(REGION),
  ]);
  const priced = lines.map(({ sku, count }) => ({ sku, count, cents: count * (prices.get(sku) ?? 0) }));
  return { id, lines: priced, cents: priced.reduce((sum, { cents }) => sum + cents, 0) };
}

export async function offers() {
  const prices = await priceList(REGION);
  return [...prices].toSorted(([, a], [, b]) => a - b).slice(0, 10);
}
