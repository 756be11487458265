// What a cart costs: shelf prices, quantity discounts, and offers for things that are bought together.
import type { CartLine } from './carts.ts';

export interface Quote {
  readonly subtotalCents: number;
  readonly discountCents: number;
  readonly totalCents: number;
}

interface Offer {
  readonly maxCents: number;
  readonly percent: number;
}

const QUANTITY_STEPS: readonly Offer[] = [
  { maxCents: 50_000, percent: 0 },
  { maxCents: 200_000, percent: 2 },
  { maxCents: Number.POSITIVE_INFINITY, percent: 5 },
];
const BUNDLE: Offer = { maxCents: 30_000, percent: 12 };

/** @param withBundles also looks for the best bundle of three. */
export function quote(lines: readonly CartLine[], withBundles: boolean): Quote {
  const subtotalCents = lines.reduce((sum, line) => sum + line.unitCents * line.quantity, 0);
  const step = QUANTITY_STEPS.find((offer) => subtotalCents <= offer.maxCents);
  const regular = Math.round((subtotalCents * (step?.percent ?? 0)) / 100);
  const discountCents = Math.max(regular, withBundles ? bestBundleDiscount(lines) : 0);
  return { subtotalCents, discountCents, totalCents: subtotalCents - discountCents };
}

/** The most that three lines together save: dearest bundle under the limit wins. */
function bestBundleDiscount(lines: readonly CartLine[]): number {
  let best = 0;
  for (let first = 0; first < lines.length; first += 1)
    for (let second = first + 1; second < lines.length; second += 1)
      for (let third = second + 1; third < lines.length; third += 1) {
        const cents = priceOf(lines, first) + priceOf(lines, second) + priceOf(lines, third);
        if (cents <= BUNDLE.maxCents && cents > best) best = cents;
      }
  return Math.round((best * BUNDLE.percent) / 100);
}

const priceOf = (lines: readonly CartLine[], index: number): number => lines[index]?.unitCents ?? 0;
