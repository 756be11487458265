// The latest orders, for the back office.
const KEPT = 500;
const orders = [];
let next = 1;

export function keepOrder(order) {
  const kept = { number: next, placedAt: Date.now(), ...order };
  next += 1;
  orders.push(kept);
  if (orders.length > KEPT) orders.shift();
  return kept;
}

export const recentOrders = () => orders.slice(-20).reverse();
