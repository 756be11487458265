// Tax rates by country and kind of article.
const RATES = new Map([
  ['NL', { food: 0.09, book: 0.09, other: 0.21 }],
  ['DE', { food: 0.07, book: 0.07, other: 0.19 }],
  ['BE', { food: 0.06, book: 0.06, other: 0.21 }],
  ['FR', { food: 0.055, book: 0.055, other: 0.2 }],
]);

export const countries = () => [...RATES.keys()];

export function ratesOf(country) {
  const rates = RATES.get(country);
  if (rates === undefined) throw new Error(`there are no rates of ${country}`);
  return rates;
}
