// Sums of what came in and went out, by article.
export function totalsOf(lines) {
  const totals = new Map();
  for (const { article, amount } of lines) {
    const total = totals.get(article) ?? { article, came: 0, went: 0 };
    if (amount > 0) total.came += amount;
    else total.went -= amount;
    totals.set(article, total);
  }
  return [...totals.values()].toSorted((a, b) => b.went - a.went).slice(0, 50);
}
