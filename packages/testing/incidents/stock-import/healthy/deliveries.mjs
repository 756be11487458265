import { allItems } from './stock.mjs';

const spelled = (sku) => sku.trim().toUpperCase();

/** Adds the amounts of a delivery to what is on the shelves; the supplier's spelling of an item may differ. */
export async function mergeDelivery(lines) {
  const bySku = new Map(lines.map((line) => [spelled(line.sku), line]));
  let merged = 0;
  for (const item of allItems()) {
    const line = bySku.get(item.sku);
    if (line === undefined) continue;
    item.amount += line.amount;
    merged += 1;
  }
  return merged;
}
