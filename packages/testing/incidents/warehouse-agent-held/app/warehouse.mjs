// The warehouse, as all of this service reaches it.
import { Agent } from 'node:http';

export const warehouseUrl = process.env.WAREHOUSE_URL;

/** The warehouse asks each of its clients to hold no more than a few connections. */
export const warehouseAgent = new Agent({ keepAlive: true, maxSockets: 6 });

/** The body of an answer as JSON; null for one without. */
export async function jsonOf(response) {
  const pieces = await response.toArray();
  if (response.statusCode === 204) return null;
  if (response.statusCode !== 200) throw new Error(`the warehouse answered ${response.statusCode}`);
  return JSON.parse(Buffer.concat(pieces).toString('utf8'));
}
