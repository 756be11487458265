// Sales of the shops, and which of them have no receipt in the archive yet.
let last = 0;
const open = [];
const MOST = 10_000;

export function add({ shop, cents }) {
  last += 1;
  open.push({ id: last, shop, cents, soldAt: Date.now() });
  if (open.length > MOST) open.shift();
  return { id: last };
}

export const takeOpen = (count) => open.splice(0, count);

export const countOpen = () => open.length;
