// Customers ask for premiums through one proxy: all connections come from its address.
export async function drive(lab) {
  const pick = (from, to) => from + Math.floor(lab.random() * (to - from));
  const ask = () =>
    lab.request(`/premium?customer=c${pick(0, 900)}&age=${pick(25, 60)}&sum=150000&years=${pick(24, 36)}`, {
      timeoutMs: 8_000,
    });
  await Promise.all([lab.every(25, ask), lab.every(2000, () => lab.request('/health'))]);
}
