const CATEGORIES = ['garden', 'kitchen', 'office', 'outdoor', 'toys'];
const products = new Map();
const byCategory = new Map(CATEGORIES.map((name) => [name, []]));

for (let id = 1; id <= 3_000; id += 1) {
  const category = CATEGORIES[id % CATEGORIES.length];
  const product = {
    sku: `P${id}`,
    title: `${category} article ${id}`,
    category,
    priceCents: 199 + ((id * 37) % 9_000),
  };
  products.set(product.sku, product);
  byCategory.get(category).push(product);
}

export const findProduct = (sku) => products.get(sku);

export const listCategory = (name) => (byCategory.get(name) ?? []).slice(0, 50);
