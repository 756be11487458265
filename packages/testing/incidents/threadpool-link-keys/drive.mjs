// Every tenth request signs in or asks for a link; the rest follows links, seldom in the first seconds. Two threads are
// what a small container gets.
const BUSY_AT_MS = 3_000;
/** 25 of them a second are more than two cores and two threads have. */
const KEY_MS = 110;
const TENANTS = ['acme', 'globex', 'initech', 'umbrella'];

export async function prepare(lab) {
  lab.env.UV_THREADPOOL_SIZE = '2';
  lab.env.LINK_SECRET = 'a secret of the suite';
  lab.env.LINK_KEY_ITERATIONS = String(lab.hashRounds(KEY_MS));
}

export async function drive(lab) {
  const links = [];
  for (const tenant of TENANTS) {
    const document = `d${1 + Math.floor(lab.random() * 30)}`;
    const { text } = await lab.request(`/links?tenant=${tenant}&document=${document}`, { method: 'POST' });
    links.push(JSON.parse(text).path);
  }
  const link = () => links[Math.floor(lab.random() * links.length)];
  const startedAt = Date.now();
  const isBusy = () => Date.now() - startedAt >= BUSY_AT_MS || lab.random() < 0.1;
  lab.every(40, () => isBusy() && lab.request(link(), { timeoutMs: 20_000 }));
  lab.every(300, () => lab.request('/terms'));
  lab.every(400, () => lab.request(`/profiles?user=u${Math.floor(lab.random() * 500)}`));
  await lab.every(900, () => lab.request('/sessions?user=ann&password=secret', { method: 'POST' }));
}
