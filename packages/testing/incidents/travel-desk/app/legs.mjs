const STATIONS = ['Graz', 'Linz', 'Wien', 'Brno', 'Praha', 'Dresden', 'Berlin', 'Rostock'];

/** A trip with its alternatives, leg by leg. */
export function legsOf(trip) {
  const start = Number.parseInt(trip, 36) % STATIONS.length;
  return Array.from({ length: 900 }, (_, index) => ({
    from: STATIONS[(start + index) % STATIONS.length],
    to: STATIONS[(start + index + 1) % STATIONS.length],
    minutes: 35 + ((start + index * 7) % 90),
    note: `seat ${index % 60} of coach ${1 + (index % 9)}, trip ${trip}`,
  }));
}
