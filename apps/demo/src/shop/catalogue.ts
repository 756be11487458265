// What the shop sells: built once at start, searched in memory, pages cached for a while.
import { expiringCache } from './expiring-cache.ts';

export interface Product {
  readonly sku: string;
  readonly title: string;
  readonly category: string;
  readonly priceCents: number;
  readonly tags: readonly string[];
}

const ADJECTIVES = ['Oak', 'Linen', 'Copper', 'Marble', 'Woven', 'Enamel', 'Cedar', 'Cotton'];
const NOUNS = ['table', 'lamp', 'chair', 'kettle', 'rug', 'shelf', 'clock', 'vase', 'stool', 'mirror'];
const CATEGORIES = ['kitchen', 'living', 'office', 'garden'];

const pick = (from: readonly string[], index: number): string => from[index % from.length] as string;

const products: readonly Product[] = Array.from({ length: 2400 }, (_, index) => ({
  sku: `S${String(10_000 + index)}`,
  title: `${pick(ADJECTIVES, index * 7)} ${pick(NOUNS, index * 3)} ${Math.floor(index / 80) + 1}`,
  category: pick(CATEGORIES, index),
  priceCents: 900 + ((index * 7919) % 24_000),
  tags: [pick(ADJECTIVES, index * 7).toLowerCase(), pick(NOUNS, index * 3)],
}));
const bySku = new Map(products.map((product) => [product.sku, product]));
const pages = expiringCache<readonly Product[]>({ capacity: 200, ttlMs: 30_000 });

export const findProduct = (sku: string): Product | undefined => bySku.get(sku);

export const allSkus = (): readonly string[] => [...bySku.keys()];

/** One page of a category, cheapest first. */
export function listCategory(category: string, page: number): readonly Product[] {
  const key = `${category}/${page}`;
  const cached = pages.get(key);
  if (cached !== undefined) return cached;
  const found = products
    .filter((product) => product.category === category)
    .sort((left, right) => left.priceCents - right.priceCents)
    .slice(page * 24, page * 24 + 24);
  pages.set(key, found);
  return found;
}

/** Products whose title or tags contain the words; 40 at most. */
export function searchProducts(query: string): readonly Product[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found: Product[] = [];
  for (const product of products) {
    if (words.every((word) => product.title.toLowerCase().includes(word))) found.push(product);
    if (found.length === 40) break;
  }
  return found;
}
