// The visitors' carts: in memory, given up after a while without a change.
import { findProduct } from './catalogue.ts';

export interface CartLine {
  readonly sku: string;
  readonly quantity: number;
  readonly unitCents: number;
}

export interface Cart {
  readonly id: string;
  readonly lines: CartLine[];
  touchedAt: number;
}

const IDLE_MS = 60_000;
const MAX_CARTS = 2000;
const carts = new Map<string, Cart>();

setInterval(dropIdleCarts, 5000).unref();

export function cartOf(visitor: string): Cart {
  const known = carts.get(visitor);
  if (known !== undefined) {
    known.touchedAt = Date.now();
    return known;
  }
  const oldest = carts.keys().next().value;
  if (carts.size >= MAX_CARTS && oldest !== undefined) carts.delete(oldest);
  const cart: Cart = { id: visitor, lines: [], touchedAt: Date.now() };
  carts.set(visitor, cart);
  return cart;
}

/** Adds lines of known products; returns how many were added. */
export function addLines(cart: Cart, skus: readonly string[]): number {
  let added = 0;
  for (const sku of skus) {
    const product = findProduct(sku);
    if (product === undefined) continue;
    cart.lines.push({ sku, quantity: 1, unitCents: product.priceCents });
    added += 1;
  }
  return added;
}

export const clearCart = (visitor: string): boolean => carts.delete(visitor);

function dropIdleCarts(): void {
  const before = Date.now() - IDLE_MS;
  for (const [id, cart] of carts) if (cart.touchedAt < before) carts.delete(id);
}
