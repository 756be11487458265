// The orders of the day; a bounded view of the latest ones.
const KEPT = 500;

export function createOrders() {
  const kept = [];
  let lastNumber = 10_000;
  return {
    place({ items = [] }) {
      lastNumber += 1;
      const cents = items.reduce((sum, { price, count }) => sum + price * count, 0);
      const order = { number: lastNumber, placedAt: new Date().toISOString(), items, cents };
      kept.push(order);
      if (kept.length > KEPT) kept.shift();
      return order;
    },
    latest: (count) => kept.slice(-count),
  };
}
