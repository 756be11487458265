// Depots send their orders to be planned; after two seconds one customer orders 0.3 t.
const DEPOTS = ['Ghent', 'Lille', 'Breda', 'Aachen', 'Reims', 'Namur'];
const ODD_AFTER_MS = 2_000;

export async function drive(lab) {
  let count = 0;
  const pick = (size) => Math.floor(lab.random() * size);
  const order = (tonnes) => ({ name: `stop ${pick(900)}`, x: pick(100), y: pick(100), tonnes });
  const plan = (depot, extra = []) => {
    const orders = Array.from({ length: 40 }, () => order((1 + pick(12)) / 4));
    return lab.request('/plan', { method: 'POST', body: { depot, orders: [...orders, ...extra] } });
  };
  const traffic = [
    lab.every(60, () => {
      count += 1;
      return plan(DEPOTS[count % DEPOTS.length]);
    }),
    lab.every(1000, () => lab.request('/health')),
  ];
  await lab.wait(ODD_AFTER_MS);
  void plan('Lille', [order(0.3)]);
  await Promise.all(traffic);
}
