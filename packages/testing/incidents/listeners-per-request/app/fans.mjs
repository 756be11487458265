const KEPT = 1_000;
const favourites = new Map();

/** Kept for the fans that came last. */
export function favouritesOf(fan) {
  const known = favourites.get(fan) ?? new Set([`team-${fan.length}`, `team-${(fan.length * 7) % 120}`]);
  favourites.delete(fan);
  favourites.set(fan, known);
  if (favourites.size > KEPT) favourites.delete(favourites.keys().next().value);
  return known;
}
