// Prices change often, the list of a region is dear to make: it is kept for some seconds.
import { fetchJson } from './fetch-json.mjs';
import { TtlCache } from './ttl-cache.mjs';

const cache = new TtlCache({ maxAgeMs: 4_000, limit: 20 });
const underway = new Map();

export async function priceList(region) {
  const known = cache.get(region);
  if (known !== undefined) return known;
  const shared = underway.get(region) ?? load(region).finally(() => underway.delete(region));
  underway.set(region, shared);
  return shared;
}

async function load(region) {
  const { items } = await fetchJson(`${process.env.PRICING_URL}/lists/${region}`);
  const list = new Map(items.map(({ sku, cents }) => [sku, cents]));
  cache.set(region, list);
  return list;
}
