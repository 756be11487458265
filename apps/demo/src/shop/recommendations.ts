// What visitors may like: the products that match what they looked for, with the words that matched.
import { type Product, searchProducts } from './catalogue.ts';
import { expiringCache } from './expiring-cache.ts';

export interface Recommendation {
  readonly sku: string;
  readonly title: string;
  readonly because: readonly string[];
}

const popular = expiringCache<readonly Recommendation[]>({ capacity: 500, ttlMs: 60_000 });
const visitorTaste = new Map<string, readonly Recommendation[]>();

/** The same for every visitor with the same words. */
export function recommend(query: string): readonly Recommendation[] {
  const known = popular.get(query);
  if (known !== undefined) return known;
  const made = searchProducts(query).map((product) => explain(product, query));
  popular.set(query, made);
  return made;
}

/** Each visitor's own, kept so that the next page shows the same. */
export function recommendFor(visitor: string, query: string): readonly Recommendation[] {
  const key = `${visitor}:${query}`;
  const known = visitorTaste.get(key);
  if (known !== undefined) return known;
  return rememberTaste(key, query);
}

function rememberTaste(key: string, query: string): readonly Recommendation[] {
  const made = searchProducts(query).map((product) => explain(product, `${query} ${key}`));
  visitorTaste.set(key, made);
  return made;
}

function explain(product: Product, query: string): Recommendation {
  return {
    sku: product.sku,
    title: `${product.title} for ${query}`,
    because: [...product.tags, product.category, query].map((word) => `${word}/${product.sku}`),
  };
}
