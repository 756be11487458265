import { bookingsOf } from './accounts.mjs';

const MONTHS = 24;
const recent = new Map();

/** The newest statements by account, for the screen of the clerk. */
function remember(account, balance) {
  recent.delete(account);
  recent.set(account, { balance, at: Date.now() });
  if (recent.size > 200) recent.delete(recent.keys().next().value);
}

export async function statementOf(account) {
  const bookings = await bookingsOf(account);
  let balance = 0;
  const lines = bookings.map(({ id, cents, day }) => {
    balance += cents;
    return {
      id,
      day,
      amount: (cents / 100).toFixed(2),
      balance: (balance / 100).toFixed(2),
      month: day % MONTHS,
    };
  });
  remember(account, balance);
  return { account, balance, lines };
}
