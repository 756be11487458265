// Rates against the euro, moved a little every second as the feed of the bank does.
const RATES = new Map([
  ['EUR', 1],
  ['USD', 1.08],
  ['GBP', 0.85],
  ['CHF', 0.95],
  ['JPY', 162.4],
  ['SEK', 11.3],
  ['PLN', 4.31],
]);
const EVERY_MS = 1_000;
let asOf = new Date();

export function startRates() {
  setInterval(() => {
    for (const [currency, rate] of RATES)
      if (currency !== 'EUR') RATES.set(currency, rate * (1 + (Math.random() - 0.5) / 1_000));
    asOf = new Date();
  }, EVERY_MS);
}

export const table = () => ({ asOf: asOf.toISOString(), rates: Object.fromEntries(RATES) });

export function convert(from, to, amount) {
  const [source, target] = [RATES.get(from), RATES.get(to)];
  if (source === undefined || target === undefined) return { error: 'unknown currency' };
  return {
    amount: Math.round((amount / source) * target * 100) / 100,
    currency: to,
    asOf: asOf.toISOString(),
  };
}
