import { findProduct } from './catalogue.mjs';
import { rateOf } from './rates.mjs';

const DELIVERY = ['standard', 'express', 'pickup', 'evening'];

export function priceLine({ sku, amount }, { currency, discount }) {
  const product = findProduct(sku);
  const net = product.priceCents * amount * rateOf(currency) * (1 - discount);
  return {
    sku,
    title: product.title,
    amount,
    net: Math.round(net),
    tax: Math.round(net * 0.19),
    delivery: DELIVERY.map((kind, index) => ({
      kind,
      label: `${kind} delivery of ${amount} x ${product.title}`,
      cents: Math.round(250 + index * 175 + net * 0.01),
      days: index + 1,
    })),
  };
}
