// When a van arrives: by the air line, as the streets of this town go.
const EVERY_MS = 2_000;
const KM_PER_DEGREE = 111;
const KMH = 24;

const kilometres = (from, to) =>
  KM_PER_DEGREE * Math.hypot(from.latitude - to.latitude, (from.longitude - to.longitude) * 0.67);

function estimate(tracking, fleet) {
  const position = fleet.position(tracking.van);
  tracking.minutes = Math.round((60 * kilometres(position, tracking.target)) / KMH);
  tracking.updates += 1;
}

/** Now, and from now on. */
export function keepEstimating(tracking, fleet) {
  estimate(tracking, fleet);
  setInterval(() => estimate(tracking, fleet), EVERY_MS);
}
