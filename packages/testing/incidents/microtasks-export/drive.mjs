// Bookings come in and are read; exports are started and asked for, and once somebody waits for one.

export async function drive(lab) {
  const booking = lab.every(100, () =>
    lab.request('/bookings', {
      method: 'POST',
      body: { account: '4400', cents: Math.floor(lab.random() * 9_000) },
    }),
  );
  const reading = lab.every(60, () => lab.request(`/bookings?from=${Math.floor(lab.random() * 15_000)}`));
  const exporting = lab.every(1_500, async () => {
    const { text } = await lab.request('/exports', { method: 'POST', body: { to: 6_000 } });
    await lab.wait(600);
    if (text !== '') await lab.request(`/exports/${JSON.parse(text).job}`);
  });
  await lab.wait(5_200);
  lab.request('/exports?wait=yes', { method: 'POST', body: { to: 8_000 } });
  if (!lab.isHealthy) {
    await lab.wait(2_000);
    lab.alert();
  }
  await Promise.all([booking, reading, exporting]);
}
