import { discountOf } from './discounts.mjs';
import { rules } from './rules.mjs';

export function price(cart) {
  const priced = { id: cart.id, country: cart.country, lines: [], totalCents: 0, refused: [] };
  for (const { article, count } of cart.lines) {
    const rule = rules.articles[article];
    if (rule === undefined || !rule.countries.includes(cart.country)) {
      priced.refused.push(article);
      continue;
    }
    const cents = Math.round(rule.cents * count * (1 - discountOf(rule, count)));
    priced.lines.push({ article, count, cents });
    priced.totalCents += cents;
  }
  console.log('priced', priced, 'by', rules);
  return priced;
}
