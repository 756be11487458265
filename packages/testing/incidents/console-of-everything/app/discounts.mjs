export function discountOf({ discounts }, count) {
  if (count >= 50) return discounts.from50;
  if (count >= 10) return discounts.from10;
  return count >= 5 ? discounts.from5 : 0;
}
