/** The partner wants the whole order in one document, each line with its texts. */
export function messageOf(id, { customer, lines }) {
  return {
    id,
    topic: 'order.accepted',
    createdAt: new Date().toISOString(),
    customer,
    lines: lines.map(({ sku, amount }, index) => ({
      position: index + 1,
      sku,
      amount,
      texts: { en: `${amount} pieces of article ${sku}`, de: `${amount} Stück von Artikel ${sku}` },
      prices: [1, 10, 100].map((from) => ({ from, cents: 100 + ((index * 13 + from) % 900) })),
    })),
  };
}
