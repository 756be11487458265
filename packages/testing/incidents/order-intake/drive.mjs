export async function prepare(lab) {
  const startedAt = Date.now();
  const screening = await lab.serve((request, response) => {
    const seconds = (Date.now() - startedAt) / 1000;
    const ms = lab.isHealthy || seconds < 6 ? 30 + lab.random() * 20 : (seconds - 5) * 900;
    request.resume();
    setTimeout(() => response.end('{"isWelcome":true}'), ms);
  });
  lab.env.SCREENING_URL = screening.url;
  lab.names.screening = screening.address;
}

/** Eighteen orders a second, of some hundred lines each. */
export async function drive(lab) {
  let count = 0;
  await Promise.all([
    lab.every(55, () => {
      count += 1;
      const lines = Array.from({ length: 900 }, (_, line) => ({
        sku: (count * 17 + line) % 5_000,
        amount: 1 + (line % 5),
        note: `line ${line} of order ${count}`,
      }));
      return lab.request('/orders', { method: 'POST', body: { buyer: `buyer-${count % 300}`, lines } });
    }),
    lab.every(500, () => lab.request('/numbers')),
  ]);
}
