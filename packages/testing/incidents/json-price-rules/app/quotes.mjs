// A quote: list price times amount, less the best percentage of the item's group.
import { listPrice } from './list-prices.mjs';
import { groupBy } from './plain.mjs';
import { rulesFor } from './rules.mjs';

export function quote(customer, items) {
  const rules = rulesFor(customer);
  for (const rule of rules) rule.percent = Math.round(rule.percent);
  const byGroup = groupBy(rules, ({ group }) => group);
  const lines = items.map(({ sku, amount }) => {
    const { cents, group } = listPrice(sku);
    const percent = Math.max(
      0,
      ...(byGroup.get(group) ?? []).filter(({ from }) => amount >= from).map((rule) => rule.percent),
    );
    return { sku, amount, cents: Math.round((cents * amount * (100 - percent)) / 100) };
  });
  return { customer, lines, cents: lines.reduce((sum, { cents }) => sum + cents, 0) };
}
