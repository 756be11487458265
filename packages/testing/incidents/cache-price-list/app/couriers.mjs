// The courier of a street stays the same for a while.
import { fetchJson } from './fetch-json.mjs';
import { TtlCache } from './ttl-cache.mjs';

const couriers = new TtlCache({ maxAgeMs: 3_000, limit: 500 });

export async function courierFor(street) {
  const known = couriers.get(street);
  if (known !== undefined) return known;
  const courier = await fetchJson(`${process.env.ORDERS_URL}/couriers/${street}`);
  couriers.set(street, courier);
  return courier;
}
