// Turnover of the last minute, in seconds.

const SECONDS = 60;

export function createTotals() {
  const seconds = [{ orders: 0, cents: 0 }];
  setInterval(() => {
    seconds.unshift({ orders: 0, cents: 0 });
    seconds.length = Math.min(seconds.length, SECONDS);
  }, 1_000).unref();
  return {
    add({ lines }) {
      seconds[0].orders += 1;
      seconds[0].cents += lines.reduce((sum, { amount, cents }) => sum + amount * cents, 0);
    },
    read: () => ({
      orders: seconds.reduce((sum, { orders }) => sum + orders, 0),
      cents: seconds.reduce((sum, { cents }) => sum + cents, 0),
    }),
  };
}
