import { record } from './audit.mjs';
import { reserve } from './stock.mjs';

const OPEN_ORDERS = 300;
const orders = new Map();
let lastId = 0;

export const orderOf = (id) => orders.get(id);

export function placeOrder(clerk, lines) {
  lastId += 1;
  const order = {
    id: lastId,
    revision: 1,
    lines: lines.map(({ sku, amount, text }) => ({ sku, amount, text, reserved: reserve(sku, amount) })),
    notes: [],
  };
  orders.set(order.id, order);
  // The warehouse has taken over the oldest ones by then.
  if (orders.size > OPEN_ORDERS) orders.delete(orders.keys().next().value);
  record('placed', clerk, undefined, order);
  return order;
}

export function changeOrder(id, clerk, note) {
  const order = orders.get(id);
  if (order === undefined) return undefined;
  const changed = { ...order, revision: order.revision + 1, notes: [...order.notes, note].slice(-10) };
  orders.set(id, changed);
  record('changed', clerk, order, changed);
  return changed;
}
