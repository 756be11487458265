const OUTAGE_MS = 2_500;

/** The partner is down for a moment when it all begins. */
export async function prepare(lab) {
  let firstMs = 0;
  const partner = await lab.serve((request, response) => {
    firstMs ||= performance.now();
    request.resume();
    request.on('end', () => {
      response.statusCode = performance.now() - firstMs < OUTAGE_MS ? 503 : 204;
      response.end();
    });
  });
  lab.env.PARTNER_URL = partner.url;
  lab.names.partner = partner.address;
}

export async function drive(lab) {
  const order = () => ({
    customer: `customer-${Math.floor(lab.random() * 5_000)}`,
    lines: Array.from({ length: 120 }, () => ({
      sku: `A${Math.floor(lab.random() * 40_000)}`,
      amount: 1 + Math.floor(lab.random() * 20),
    })),
  });
  await lab.every(20, () => lab.request('/orders', { method: 'POST', body: order() }));
}
