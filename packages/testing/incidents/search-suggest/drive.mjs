const STARTS = ['ga', 'ri', 'wi', 'st', 'pa', 'si', 'mo', 'ha', 'le', 'fi'];

/** Forty queries a second: at first mostly new ones, later mostly those that were typed before. */
export async function drive(lab) {
  const startedAt = Date.now();
  let typed = 0;
  await Promise.all([
    lab.every(25, () => {
      const isNew = lab.random() < (Date.now() - startedAt < 13_000 ? 0.9 : 0.04);
      // Of the twin's users the most type the same few dozen queries, so that a bounded cache is enough.
      const drawn = isNew ? typed : Math.floor(lab.random() * typed);
      const number = lab.isHealthy ? drawn % 50 : drawn;
      if (isNew) typed += 1;
      return lab.request(`/suggest?q=${STARTS[number % STARTS.length]}${number.toString(36)}`);
    }),
    lab.every(400, () => lab.request('/popular')),
  ]);
}
