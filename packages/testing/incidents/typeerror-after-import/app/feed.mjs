// Products come from the supplier's feed, once a second.
import { createLogger } from './log.mjs';

const log = createLogger('feed');
const EVERY_MS = 1_000;
const products = new Map();

export const find = (id) => products.get(id);
export const all = () => [...products.values()];

async function load() {
  try {
    const response = await fetch(`${process.env.SUPPLIER_URL}/products`);
    for (const product of await response.json()) products.set(product.id, product);
  } catch (err) {
    log.warn({ err }, 'feed not loaded');
  }
}

export async function start() {
  await load();
  setInterval(load, EVERY_MS);
  log.info({ products: products.size }, 'feed loaded');
}
