// Accounts, made up on first sight.
const KEPT = 1_000;

const accounts = new Map();

export function accountOf(name) {
  const known = accounts.get(name);
  if (known !== undefined) return known;
  const account = { name, plan: name.length % 2 === 0 ? 'basic' : 'plus', since: '2024-05-01' };
  accounts.set(name, account);
  if (accounts.size > KEPT) accounts.delete(accounts.keys().next().value);
  return account;
}
