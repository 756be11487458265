import { createServer } from 'node:http';

/** A partner's webhook as behind a load balancer, which keeps connections for a minute. */
export async function prepare(lab) {
  const partner = createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
    request.resume().once('end', () => {
      response.writeHead(202, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ accepted: true, reference: `FF-${Math.floor(lab.random() * 1e9)}` }));
    });
  });
  await new Promise((resolve) => partner.listen(0, '127.0.0.1', resolve));
  lab.onEnd(() => {
    partner.close();
    partner.closeAllConnections();
  });
  lab.names.partner = `127.0.0.1:${partner.address().port}`;
  lab.env.FULFILMENT_WEBHOOK = `http://${lab.names.partner}/events`;
}

export async function drive(lab) {
  const order = () => ({
    items: [
      { sku: `SKU-${Math.floor(lab.random() * 500)}`, price: 1_999, count: 1 },
      { sku: `SKU-${Math.floor(lab.random() * 500)}`, price: 450, count: 3 },
    ],
  });
  lab.every(1_000, () => lab.request('/orders'));
  lab.every(5_000, () => lab.request('/deliveries'));
  await lab.every(30, () => lab.request('/orders', { method: 'POST', body: JSON.stringify(order()) }));
}
