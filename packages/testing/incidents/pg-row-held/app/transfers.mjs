import { HOUSE, inTransaction } from './database.mjs';

const FEE_CENTS = 15;

/** Accounts are locked in the order of their ids, so that no two transfers wait for each other. */
export async function transfer({ from, to, cents }) {
  return inTransaction(async (client) => {
    const { rows } = await client.query(
      'select id, balance_cents::int as cents from accounts where id = any($1) order by id for update',
      [[from, to, HOUSE]],
    );
    const payer = rows.find(({ id }) => id === from);
    if (payer === undefined || payer.cents < cents + FEE_CENTS) return { status: 'declined' };
    await book(client, from, -(cents + FEE_CENTS));
    await book(client, to, cents);
    await book(client, HOUSE, FEE_CENTS);
    return { status: 'booked' };
  });
}

export async function book(client, account, cents) {
  await client.query('update accounts set balance_cents = balance_cents + $2 where id = $1', [
    account,
    cents,
  ]);
  await client.query('insert into entries (account, cents) values ($1, $2)', [account, cents]);
}
