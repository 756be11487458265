const KEPT_MS = 60_000;
const carts = new Map();

export function keep(priced) {
  carts.set(priced.id, { priced, until: Date.now() + KEPT_MS });
}

export const find = (id) => carts.get(id)?.priced;

setInterval(() => {
  for (const [id, { until }] of carts) if (until < Date.now()) carts.delete(id);
}, 5_000).unref();
