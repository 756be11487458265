// How many pallets an order takes. Customers order by the quarter of a tonne: one pallet each.
const PALLET_TONNES = 0.25;

export function palletsFor(tonnes) {
  let pallets = 0;
  for (let left = tonnes; left !== 0; left -= PALLET_TONNES) pallets += 1;
  return pallets;
}
