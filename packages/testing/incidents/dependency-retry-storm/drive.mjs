// The ledger takes so many calls a second and answers the rest with 503. For some seconds it takes none: after that the
// load of the callers alone is half of what it can do.
const CAPACITY_PER_SECOND = 70;
const BLIP_AT_MS = 8_000;
const BLIP_MS = 2_500;
/** What it turns away costs it most of a call all the same. */
const REFUSAL_COST = 0.8;

export async function prepare(lab) {
  let startedAt;
  let tokens = CAPACITY_PER_SECOND / 4;
  let filledAt = Date.now();
  const isTaken = () => {
    const now = Date.now();
    tokens = Math.min(CAPACITY_PER_SECOND / 4, tokens + ((now - filledAt) * CAPACITY_PER_SECOND) / 1_000);
    filledAt = now;
    const isDown = now - startedAt >= BLIP_AT_MS && now - startedAt < BLIP_AT_MS + BLIP_MS;
    const isRefused = tokens < 1 || (lab.isHealthy ? lab.random() < 0.03 : isDown);
    tokens = Math.max(-CAPACITY_PER_SECOND / 4, tokens - (isRefused ? REFUSAL_COST : 1));
    return !isRefused;
  };
  const reply = (response, status, body, ms) =>
    setTimeout(() => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    }, ms);
  const ledger = await lab.serve((request, response) => {
    startedAt ??= Date.now();
    if (!isTaken()) return reply(response, 503, { error: 'busy' }, 6);
    const transfers = Array.from({ length: 5 }, (_, index) => ({ cents: 900 * index, to: `DE${index}` }));
    return reply(response, 200, request.url.startsWith('/balances') ? { cents: 12_300 } : { transfers }, 18);
  });
  const customers = await lab.serve((_request, response) => reply(response, 200, { name: 'A. Jones' }, 12));
  const rates = await lab.serve((_request, response) => reply(response, 200, { USD: 1.08, GBP: 0.86 }, 30));
  Object.assign(lab.env, {
    LEDGER_URL: ledger.url,
    CUSTOMERS_URL: customers.url,
    RATES_URL: rates.url,
  });
  lab.names.ledger = ledger.address;
}

export async function drive(lab) {
  const id = () => 1_000 + Math.floor(lab.random() * 300);
  lab.every(40, () => lab.request(`/accounts/${id()}`));
  lab.every(110, () => lab.request(`/accounts/${id()}/transfers`));
  await lab.every(500, () => lab.request('/rates'));
}
