const PLAN_BYTES = 48_000;
/** Scanned from paper, as some old houses' plans are. */
const SCAN_BYTES = 2_600_000;

/** The archive answers in 12 ms, facts and plans alike. */
export async function prepare(lab) {
  const plan = Buffer.alloc(PLAN_BYTES, '<path d="M0 0h4v3z"/>');
  const scan = Buffer.alloc(SCAN_BYTES, 'P4 1200 900 ');
  const archive = await lab.serve((request, response) => {
    const [, , id, part] = request.url.split('/');
    const body = part === undefined ? factsOf(id) : Number(id) % 17 === 0 ? scan : plan;
    setTimeout(() => response.writeHead(200, { 'content-length': body.length }).end(body), 12);
  });
  lab.names.archive = archive.address;
  lab.env.ARCHIVE_URL = archive.url;
}

const factsOf = (id) =>
  Buffer.from(JSON.stringify({ id, rooms: 1 + (id % 5), floor: id % 4, rent: 600 + 7 * (id % 90) }));

/** Flats are looked at, and the plans of some. */
export async function drive(lab) {
  const flat = () => 1_000 + Math.floor(lab.random() * 9_000);
  await Promise.all([
    lab.every(40, () => lab.request(`/flats/${flat()}`, { timeoutMs: 5_000 })),
    lab.every(50, () => lab.request(`/flats/${flat()}/plan`, { timeoutMs: 5_000 })),
    lab.every(400, () => lab.request('/districts')),
  ]);
}
