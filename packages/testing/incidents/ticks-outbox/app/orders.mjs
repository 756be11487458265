// What a valid order looks like.

const MOST_LINES = 50;

export function checkOrder(text) {
  let order;
  try {
    order = JSON.parse(text);
  } catch {
    return { problem: 'not JSON' };
  }
  const { customer, lines } = order;
  if (typeof customer !== 'string' || !Array.isArray(lines))
    return { problem: 'customer and lines are needed' };
  if (lines.length === 0 || lines.length > MOST_LINES) return { problem: `1 to ${MOST_LINES} lines` };
  if (lines.some(({ amount, cents }) => !(amount > 0) || !(cents >= 0)))
    return { problem: 'amounts and prices' };
  return { order: { customer, lines } };
}
