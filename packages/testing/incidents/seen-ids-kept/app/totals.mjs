const MINUTES = 60;
const byKind = new Map();

export function count(kind, value) {
  const minute = Math.floor(Date.now() / 60_000) % MINUTES;
  const known = byKind.get(kind) ?? { sum: 0, perMinute: new Array(MINUTES).fill(0) };
  known.sum += value;
  known.perMinute[minute] += 1;
  byKind.set(kind, known);
}

export const totals = () => Object.fromEntries([...byKind].map(([kind, { sum }]) => [kind, Math.round(sum)]));

setInterval(() => {
  const next = (Math.floor(Date.now() / 60_000) + 1) % MINUTES;
  for (const { perMinute } of byKind.values()) perMinute[next] = 0;
}, 20_000).unref();
