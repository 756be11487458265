/** Single labels all the time; after some seconds the batches of the night shift. */
export async function drive(lab) {
  const startedAt = Date.now();
  let next = 1;
  await Promise.all([
    lab.every(60, () => lab.request(`/labels/${Math.floor(lab.random() * 50_000)}`)),
    lab.every(100, () => lab.request(`/carriers/${Math.floor(lab.random() * 50_000)}`)),
    lab.every(1_600, () => {
      if (Date.now() - startedAt < 4_000) return undefined;
      next += 2_600;
      return lab.request('/batches', { method: 'POST', body: { from: next, count: 2_600 } });
    }),
  ]);
}
