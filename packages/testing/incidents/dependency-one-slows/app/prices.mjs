const TAX = 0.07;

export const cheapest = (items) => items.reduce((best, item) => (item.cents < best.cents ? item : best));

export const withTax = (item) => ({ ...item, totalCents: Math.round(item.cents * (1 + TAX)) });
