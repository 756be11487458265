// Customers who want to know when a product is back.
import { setTimeout as pause } from 'node:timers/promises';
import { awaitChange } from './change-feed.mjs';

const MAX_FOLLOWED = 60;
const PAUSE_MS = 1_000;

export function createReminders() {
  const customers = new Map();
  let sent = 0;

  async function follow(sku) {
    while (customers.has(sku)) {
      try {
        const change = await awaitChange(sku);
        if (change === null || change.count === 0) continue;
        sent += customers.get(sku);
        customers.delete(sku);
      } catch {
        await pause(PAUSE_MS);
      }
    }
  }

  return {
    add(sku) {
      const waiting = customers.get(sku) ?? 0;
      if (waiting === 0 && customers.size >= MAX_FOLLOWED) return { accepted: false };
      customers.set(sku, waiting + 1);
      if (waiting === 0) void follow(sku);
      return { accepted: true };
    },
    stats: () => ({ products: customers.size, sent }),
  };
}
