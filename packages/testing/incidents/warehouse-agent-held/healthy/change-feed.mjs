// The warehouse tells of a change as soon as there is one: it answers late, or after some seconds with nothing.
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { jsonOf, warehouseUrl } from './warehouse.mjs';

/** The warehouse counts those that wait apart. */
const waitingAgent = new Agent({ keepAlive: true });

/** Null when nothing has changed meanwhile. */
export async function awaitChange(sku) {
  const [response] = await once(get(`${warehouseUrl}/changes/${sku}`, { agent: waitingAgent }), 'response');
  return jsonOf(response);
}
