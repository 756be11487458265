/** Fourteen sheets a second; after some seconds a client leaves out how many columns it wants. */
export async function drive(lab) {
  const startedAt = Date.now();
  let count = 0;
  await Promise.all([
    lab.every(70, () => {
      count += 1;
      const isBare = !lab.isHealthy && Date.now() - startedAt > 3_000 && count % 3 === 0;
      const photos = Array.from({ length: 20 + (count % 60) }, (_, photo) => `img-${count}-${photo}.jpg`);
      return lab.request('/sheets', {
        method: 'POST',
        body: { photos, width: 1_000, columns: isBare ? 0 : 4 },
      });
    }),
    lab.every(1_000, () => lab.request('/pool')),
  ]);
}
