// Addresses of customers; the ones looked up last are at hand.
const KEPT = 200;

const atHand = new Map();

export function addressOf(customer) {
  const known = atHand.get(customer);
  if (known !== undefined) return known;
  const number = Number(customer);
  const address = {
    customer,
    street: `Kerkstraat ${1 + (number % 90)}`,
    town: number % 2 === 0 ? 'Leiden' : 'Delft',
  };
  atHand.set(customer, address);
  if (atHand.size > KEPT) atHand.delete(atHand.keys().next().value);
  return address;
}
