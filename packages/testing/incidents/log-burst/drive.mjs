// A shop's checkout asks for quotes, and for some of them once more.
const BUSY_SHARE = 0.35;

export async function cost(app) {
  const { cheapest } = await app('tariffs.mjs');
  return () => cheapest({ from: '20095', to: '80331', weightKg: 3.2 });
}

/** As many quotes as fill that share of a core with lines that nobody needs. */
export async function drive(lab) {
  const everyMs = Math.min(20, (await lab.costMs()) / BUSY_SHARE);
  const postcode = () => String(Math.floor(lab.random() * 100_000)).padStart(5, '0');
  await lab.every(everyMs, async () => {
    const body = { from: postcode(), to: postcode(), weightKg: 0.3 + lab.random() * 12 };
    const { status, text } = await lab.request('/quotes', { method: 'POST', body });
    if (status === 200 && lab.random() < 0.2) await lab.request(`/quotes/${JSON.parse(text).id}`);
  });
}
