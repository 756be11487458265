const stock = new Map(Array.from({ length: 2_000 }, (_, id) => [`S${id}`, { onHand: 500, reserved: 0 }]));

export function reserve(sku, amount) {
  const item = stock.get(sku);
  if (item === undefined || item.onHand - item.reserved < amount) return false;
  item.reserved += amount;
  return true;
}

export function stockReport() {
  let reserved = 0;
  for (const item of stock.values()) reserved += item.reserved;
  return { articles: stock.size, reserved };
}

/** Deliveries come in and reservations are shipped. */
setInterval(() => {
  for (const item of stock.values()) {
    item.onHand = Math.min(500, item.onHand + 5);
    item.reserved = Math.max(0, item.reserved - 5);
  }
}, 3_000).unref();
