// A shop's checkout asks for quotes, and for some of them once more.
export async function drive(lab) {
  const postcode = () => String(Math.floor(lab.random() * 100_000)).padStart(5, '0');
  await lab.every(20, async () => {
    const body = { from: postcode(), to: postcode(), weightKg: 0.3 + lab.random() * 12 };
    const { status, text } = await lab.request('/quotes', { method: 'POST', body });
    if (status === 200 && lab.random() < 0.2) await lab.request(`/quotes/${JSON.parse(text).id}`);
  });
}
