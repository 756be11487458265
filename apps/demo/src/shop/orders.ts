// Orders of the day: placed, kept in a ring, summed up for the back office.
import type { CartLine } from './carts.ts';
import { allSkus, findProduct } from './catalogue.ts';
import type { Quote } from './pricing.ts';

export interface Order {
  readonly number: number;
  readonly totalCents: number;
  readonly lines: readonly CartLine[];
}

export interface CurvePoint {
  readonly label: string;
  readonly cents: number;
}

const KEPT = 1300;
const orders: Order[] = nightOrders();
let nextNumber = orders.length + 1;

export function placeOrder(lines: readonly CartLine[], price: Quote): Order {
  const order: Order = { number: nextNumber, totalCents: price.totalCents, lines: [...lines] };
  nextNumber += 1;
  orders.push(order);
  if (orders.length > KEPT) orders.shift();
  return order;
}

/** Turnover only. */
export function turnover(): { readonly orders: number; readonly cents: number } {
  let cents = 0;
  for (const order of orders) cents += order.totalCents;
  return { orders: orders.length, cents };
}

/** How turnover grew over the day, one line per order. */
export function turnoverCurve(): readonly CurvePoint[] {
  const lines: (readonly CurvePoint[])[] = [];
  for (let last = 0; last < orders.length; last += 1) lines.push(curveUntil(last));
  return lines.at(-1) ?? [];
}

function curveUntil(last: number): CurvePoint[] {
  const points: CurvePoint[] = [];
  let cents = 0;
  for (const order of orders.slice(0, last + 1)) {
    cents += order.totalCents;
    points.push({ label: `#${order.number}`, cents });
  }
  return points;
}

/** What came in before the service was started. */
function nightOrders(): Order[] {
  const skus = allSkus();
  const lineAt = (index: number): CartLine => {
    const sku = skus[(index * 53) % skus.length] as string;
    return { sku, quantity: 1 + (index % 3), unitCents: findProduct(sku)?.priceCents ?? 0 };
  };
  return Array.from({ length: KEPT }, (_, index) => {
    const lines = [lineAt(2 * index), lineAt(2 * index + 1)];
    const totalCents = lines.reduce((sum, line) => sum + line.unitCents * line.quantity, 0);
    return { number: index + 1, totalCents, lines };
  });
}
