/** Forty lookups a second; one delivery early on, and the alert ten seconds after it was booked in. */
export async function drive(lab) {
  void deliver(lab);
  await lab.every(25, () =>
    lab.request(`/items/SKU-${String(Math.floor(lab.random() * 26_000)).padStart(6, '0')}`),
  );
}

async function deliver(lab) {
  await lab.wait(4_000);
  const lines = Array.from({ length: 1_000 }, (_, line) => ({
    sku: ` sku-${String(line * 26).padStart(6, '0')}`,
    amount: 12,
  }));
  const body = JSON.stringify({ supplier: 'north', lines });
  await lab.request('/deliveries', { method: 'POST', body, timeoutMs: 20_000 });
  await lab.wait(10_000);
  lab.alert();
}
