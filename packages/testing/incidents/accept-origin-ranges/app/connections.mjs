// How many connections each partner has opened, by the minute.
const MINUTES_KEPT = 60;
const minutes = new Map();

export function countConnection(origin) {
  const minute = Math.floor(Date.now() / 60_000);
  const counts = minutes.get(minute) ?? {};
  counts[origin] = (counts[origin] ?? 0) + 1;
  minutes.set(minute, counts);
  if (minutes.size > MINUTES_KEPT) minutes.delete(minutes.keys().next().value);
}

export const report = () => [...minutes].map(([minute, counts]) => ({ minute, counts }));
