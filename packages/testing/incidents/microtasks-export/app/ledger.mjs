// Bookings in the order in which they came in.

const ACCOUNTS = ['1200', '1400', '1600', '4400', '6300'];
const KEPT = 50_000;

export function createLedger(count) {
  const bookings = Array.from({ length: count }, (_, i) => ({
    at: 1_700_000_000 + i * 7,
    account: ACCOUNTS[i % ACCOUNTS.length],
    cents: 100 + ((i * 7_919) % 90_000),
  }));
  return {
    size: () => bookings.length,
    range: (from, count) => bookings.slice(from, from + count),
    book({ account, cents }) {
      const booking = { at: Math.round(Date.now() / 1_000), account, cents };
      bookings.push(booking);
      if (bookings.length > KEPT) bookings.shift();
      return booking;
    },
  };
}
