// Price rules of all customers, as the back office last published them.
import { copyOf } from './plain.mjs';

const CUSTOMERS = 1_200;
const RULES_EACH = 150;
let published = {};

function ruleOf(customer, number) {
  return {
    id: `${customer}-${number}`,
    group: `group-${number % 50}`,
    percent: (number * 13) % 30,
    from: 1 + (number % 5) * 10,
    note: `agreed with the account manager of ${customer}, valid until further notice`,
  };
}

export function loadRules() {
  const all = {};
  for (let c = 0; c < CUSTOMERS; c += 1) {
    const customer = `customer-${c}`;
    all[customer] = Array.from({ length: RULES_EACH }, (_, number) => ruleOf(customer, number));
  }
  published = all;
}

export const ruleCount = () => Object.keys(published).length * RULES_EACH;

/** The caller may change what it gets: percentages are rounded and merged on the way. */
export function rulesFor(customer) {
  const rules = copyOf(published);
  return rules[customer] ?? [];
}
