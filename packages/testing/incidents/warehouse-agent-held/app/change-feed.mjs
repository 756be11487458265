// The warehouse tells of a change as soon as there is one: it answers late, or after some seconds with nothing.
import { once } from 'node:events';
import { get } from 'node:http';
import { jsonOf, warehouseAgent, warehouseUrl } from './warehouse.mjs';

/** Null when nothing has changed meanwhile. */
export async function awaitChange(sku) {
  const [response] = await once(get(`${warehouseUrl}/changes/${sku}`, { agent: warehouseAgent }), 'response');
  return jsonOf(response);
}
