// Requests in flight and their durations, for the dashboards.

const KEPT = 500;

export function createMeters() {
  let inFlight = 0;
  const durations = [];
  return {
    begin() {
      const startedAt = performance.now();
      inFlight += 1;
      return () => {
        inFlight -= 1;
        durations.push(performance.now() - startedAt);
        if (durations.length > KEPT) durations.shift();
      };
    },
    read() {
      const sorted = durations.toSorted((a, b) => a - b);
      return { inFlight, medianMs: Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0) };
    },
  };
}
