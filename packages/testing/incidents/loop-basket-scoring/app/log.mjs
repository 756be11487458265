// One line of JSON per event on stdout; requests are sampled.

const SAMPLED = 25;
let count = 0;

export function log(level, message, fields = {}) {
  process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), level, message, ...fields })}\n`);
}

export function requestLogger({ method, url }) {
  const startedAt = performance.now();
  return (status) => {
    count += 1;
    if (count % SAMPLED === 0 || status >= 500)
      log('info', 'request', { method, url, status, ms: Math.round(performance.now() - startedAt) });
  };
}
