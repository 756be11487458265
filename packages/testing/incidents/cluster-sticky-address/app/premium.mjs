// Premium of a term life insurance: expected payments, month by month, for each interest scenario.
const SCENARIOS = 600;
const MONTHS = 12;

/** Gompertz: the chance to die within a month, at an age in years. */
const mortality = (age) => Math.min(1, 0.00005 * Math.exp(0.09 * age)) / MONTHS;

export function premiumOf({ age, sum, years }) {
  let worst = 0;
  for (let scenario = 0; scenario < SCENARIOS; scenario += 1) {
    const rate = 0.001 + (0.06 * scenario) / SCENARIOS;
    worst = Math.max(worst, monthly({ age, sum, years, rate }));
  }
  return Math.round(worst * 100) / 100;
}

function monthly({ age, sum, years, rate }) {
  let alive = 1;
  let paid = 0;
  let due = 0;
  for (let month = 0; month < years * MONTHS; month += 1) {
    const discount = (1 + rate) ** (-month / MONTHS);
    const dies = alive * mortality(age + month / MONTHS);
    paid += dies * sum * discount;
    due += alive * discount;
    alive -= dies;
  }
  return paid / due;
}
