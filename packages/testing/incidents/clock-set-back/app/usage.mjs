// What each partner used this month, for the invoice.
const counts = new Map();

export function countUse(partner, outcome) {
  const count = counts.get(partner) ?? { served: 0, refused: 0 };
  count[outcome] += 1;
  counts.set(partner, count);
}

export const uses = () => Object.fromEntries(counts);
