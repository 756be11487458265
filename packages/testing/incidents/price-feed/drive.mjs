export async function prepare(lab) {
  const startedAt = Date.now();
  const exchange = await lab.serve((request, response) => {
    request.resume();
    const isOut = !lab.isHealthy && Date.now() - startedAt > 6_000;
    request.on('end', () => {
      response.writeHead(isOut ? 503 : 200, { 'content-type': 'application/json' });
      response.end(isOut ? '{}' : JSON.stringify({ cents: 900 + Math.floor(lab.random() * 300) }));
    });
  });
  lab.env.EXCHANGE_URL = exchange.url;
  lab.names.exchange = exchange.address;
}

/** Thirty prices a second. */
export async function drive(lab) {
  const symbols = ['AAX', 'BRL', 'CTN', 'DGL', 'EPS', 'FRM'];
  await lab.every(33, () => lab.request(`/prices/${symbols[Math.floor(lab.random() * symbols.length)]}`));
}
