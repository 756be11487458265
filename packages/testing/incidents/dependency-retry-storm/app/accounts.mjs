// What the app shows of an account.
import { call } from './ledger-client.mjs';
import { ownerOf } from './owners.mjs';

export async function accountOf(id) {
  const [owner, { cents }] = await Promise.all([ownerOf(id), call(`/balances/${id}`)]);
  return { id, owner: owner.name, balance: (cents / 100).toFixed(2) };
}

export async function transfersOf(id) {
  const { transfers } = await call(`/transfers/${id}`);
  return transfers.map(({ cents, to }) => ({ amount: (cents / 100).toFixed(2), to }));
}
