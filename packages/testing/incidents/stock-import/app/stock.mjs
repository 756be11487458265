const shelf = Array.from({ length: 26_000 }, (_, index) => ({
  sku: `SKU-${String(index).padStart(6, '0')}`,
  amount: 5 + (index % 40),
  cents: 199 + (index % 900),
}));
const bySku = new Map(shelf.map((item) => [item.sku, item]));

export const itemOf = (sku) => bySku.get(sku);

export const allItems = () => shelf;

export const stockValue = () => shelf.reduce((sum, { amount, cents }) => sum + amount * cents, 0) / 100;
