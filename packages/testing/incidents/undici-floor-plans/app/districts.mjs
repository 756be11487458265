// The districts with their average rent per square metre; made anew once a minute.
const NAMES = ['Old Town', 'Harbour', 'Station', 'Hill', 'Gardens', 'North'];
const KEPT_MS = 60_000;

let kept = { at: 0, districts: [] };

export function districts() {
  if (Date.now() - kept.at > KEPT_MS)
    kept = {
      at: Date.now(),
      districts: NAMES.map((name, index) => ({ name, rent: 11 + ((index * 5) % 7) })),
    };
  return kept.districts;
}
