import { allItems } from './stock.mjs';

const lineOf = (sku, lines) => lines.find((line) => line.sku.trim().toUpperCase() === sku);

/** Adds the amounts of a delivery to what is on the shelves; the supplier's spelling of an item may differ. */
export async function mergeDelivery(lines) {
  let merged = 0;
  for (const item of allItems()) {
    const line = lineOf(item.sku, lines);
    if (line === undefined) continue;
    item.amount += line.amount;
    merged += 1;
  }
  return merged;
}
