// How many of a product there are; known for half a second.
import { once } from 'node:events';
import { get } from 'node:http';
import { jsonOf, warehouseAgent, warehouseUrl } from './warehouse.mjs';

const FRESH_MS = 500;
const KEPT = 100;
const known = new Map();

export async function stockOf(sku) {
  const last = known.get(sku);
  if (last !== undefined && Date.now() - last.atMs < FRESH_MS) return last.count;
  const [response] = await once(get(`${warehouseUrl}/stock/${sku}`, { agent: warehouseAgent }), 'response');
  const { count } = await jsonOf(response);
  known.delete(sku);
  known.set(sku, { count, atMs: Date.now() });
  if (known.size > KEPT) known.delete(known.keys().next().value);
  return count;
}
