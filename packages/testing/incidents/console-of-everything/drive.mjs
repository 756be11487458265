// Customers change their carts, and look at them again.
export async function drive(lab) {
  const pick = (list) => list[Math.floor(lab.random() * list.length)];
  let carts = 0;
  await lab.every(80, async () => {
    carts += 1;
    const line = () => ({
      article: `A${String(Math.floor(lab.random() * 3_000)).padStart(5, '0')}`,
      count: 1 + Math.floor(lab.random() * 12),
    });
    const lines = Array.from({ length: 1 + (carts % 6) }, line);
    const body = { id: `C${carts}`, country: pick(['DE', 'FR', 'NL']), lines };
    const { status } = await lab.request('/carts/price', { method: 'POST', body });
    if (status === 200) await lab.request(`/carts/C${carts}`);
  });
}
