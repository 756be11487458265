// Shops sell; after a while the archive takes no more receipts of two of the five shops.
const CHANGE_MS = 7_000;

export async function prepare(lab) {
  lab.isFull = false;
  const archive = await lab.serve(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const results = JSON.parse(Buffer.concat(parts).toString()).map(({ number, text }) => {
      const isStored = !lab.isFull || Number(text.split(';')[1]) > 2;
      return isStored ? { number, isStored } : { number, isStored, reason: 'volume is used up' };
    });
    setTimeout(() => response.end(JSON.stringify({ results })), 20);
  });
  lab.env.ARCHIVE_URL = archive.url;
  lab.names.archive = archive.address;
}

export async function drive(lab) {
  await Promise.all([
    lab.every(50, () => {
      const body = { shop: 1 + Math.floor(lab.random() * 5), cents: 100 + Math.floor(lab.random() * 9_000) };
      return lab.request('/sales', { method: 'POST', body });
    }),
    lab.every(1_000, () => lab.request('/healthz')),
    lab.wait(CHANGE_MS).then(() => {
      lab.isFull = !lab.isHealthy;
    }),
  ]);
}
