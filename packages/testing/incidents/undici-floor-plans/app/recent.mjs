// Facts of flats that were looked at lately; the oldest give way.
const KEPT = 200;
const FRESH_MS = 20_000;

const flats = new Map();

export function recall(id) {
  const known = flats.get(id);
  return known !== undefined && Date.now() - known.at < FRESH_MS ? known.facts : undefined;
}

export function remember(id, facts) {
  flats.delete(id);
  flats.set(id, { at: Date.now(), facts });
  if (flats.size > KEPT) flats.delete(flats.keys().next().value);
}
