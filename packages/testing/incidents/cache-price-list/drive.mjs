// The pricing service has three workers that all lists in the making share: alone a list takes 0.3 s.
const WORKERS = 3;
const WORK_MS = 300;
const TICK_MS = 10;

export async function prepare(lab) {
  let making = [];
  const items = Array.from({ length: 300 }, (_, n) => ({ sku: `sku-${n}`, cents: 150 + ((n * 37) % 900) }));
  const list = JSON.stringify({ items });
  let lastAt = performance.now();
  const tick = setInterval(() => {
    const passedMs = performance.now() - lastAt;
    lastAt += passedMs;
    making = making.filter(({ response }) => !response.destroyed);
    const shareMs = (passedMs * Math.min(WORKERS, making.length)) / Math.max(1, making.length);
    for (const one of making) one.leftMs -= shareMs;
    for (const { response } of making.filter(({ leftMs }) => leftMs <= 0)) {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(list);
    }
    making = making.filter(({ leftMs }) => leftMs > 0);
  }, TICK_MS);
  lab.onEnd(() => clearInterval(tick));
  const pricing = await lab.serve((_request, response) => making.push({ response, leftMs: WORK_MS }));
  const orders = await lab.serve((request, response) => {
    const isCourier = request.url.startsWith('/couriers');
    const lines = Array.from({ length: 4 }, (_, n) => ({ sku: `sku-${n * 7}`, count: 1 + (n % 2) }));
    setTimeout(
      () => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(isCourier ? { name: 'Kim' } : { lines }));
      },
      8 + 10 * lab.random(),
    );
  });
  lab.env.PRICING_URL = pricing.url;
  lab.env.ORDERS_URL = orders.url;
  lab.names.pricing = pricing.address;
}

export async function drive(lab) {
  lab.every(40, () => lab.request(`/baskets/${1_000 + Math.floor(lab.random() * 400)}`));
  lab.every(160, () => lab.request('/offers'));
  await lab.every(300, () => lab.request(`/couriers/${100 + Math.floor(lab.random() * 20)}`));
}
