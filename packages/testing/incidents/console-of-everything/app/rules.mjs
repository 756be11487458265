// The rule book: for each article its price, its discounts by amount, and where it may be sent.
const ARTICLES = 3_000;
const COUNTRIES = ['AT', 'BE', 'CH', 'DE', 'FR', 'IT', 'NL', 'PL'];

const articleRule = (index) => ({
  cents: 200 + ((index * 37) % 9_000),
  discounts: { from5: 0.02, from10: 0.05, from50: 0.08 + (index % 5) / 100 },
  countries: COUNTRIES.filter((_, country) => (index + country) % 7 !== 0),
});

export const rules = {
  version: '2026-11',
  currency: 'EUR',
  articles: Object.fromEntries(
    Array.from({ length: ARTICLES }, (_, index) => [
      `A${String(index).padStart(5, '0')}`,
      articleRule(index),
    ]),
  ),
};
