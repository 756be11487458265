import { randomUUID } from 'node:crypto';
import { confirm } from './confirmations.mjs';
import { increment } from './metrics.mjs';

const MOST = 5_000;
const orders = new Map();

export function place({ customer, items }) {
  const order = { id: randomUUID().slice(0, 8), customer, items, placedAt: Date.now() };
  orders.set(order.id, order);
  const [oldest] = orders.keys();
  if (orders.size > MOST) orders.delete(oldest);
  increment('orders_total');
  // The customer need not wait for the mail.
  setImmediate(() => confirm(order));
  return { id: order.id, status: 'accepted' };
}

export const find = (id) => orders.get(id);
