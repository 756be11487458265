import { all, find } from './feed.mjs';
import { shippingCents } from './shipping.mjs';

const PAGE = 20;

export function list({ query }) {
  const page = Number(query.get('page') ?? 0);
  const shown = all().slice(page * PAGE, (page + 1) * PAGE);
  return { body: shown.map(({ id, name, cents }) => ({ id, name, cents })) };
}

export function show({ params }) {
  const product = find(Number(params.id));
  if (product === undefined) return { status: 404, body: { error: 'no such product' } };
  const { id, name, cents } = product;
  return { body: { id, name, cents, shippingCents: shippingCents(product) } };
}
