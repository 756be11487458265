// Notes of several tenants, with a digest for each that a schedule keeps up to date.
import { createServer } from 'node:http';
import { buildDigest } from './digests.mjs';
import { createNotes } from './notes.mjs';
import { createSchedule } from './schedule.mjs';

const TENANTS = Array.from({ length: 48 }, (_, i) => `tenant-${i + 1}`);
const notes = createNotes(TENANTS, Number(process.env.NOTES_OF_A_TENANT ?? 480));
const digests = new Map();
const schedule = createSchedule({ everyMs: Number(process.env.DIGEST_EVERY_MS ?? 6_000) });

for (const tenant of TENANTS)
  schedule.add(tenant, () => digests.set(tenant, buildDigest(tenant, notes.of(tenant))));

const routes = {
  health: () => ({ tenants: TENANTS.length }),
  notes: (tenant) => notes.newest(tenant, 10),
  digests: (tenant) => digests.get(tenant) ?? { tenant, groups: [] },
  jobs: () => schedule.runs(),
};

const server = createServer((request, response) => {
  const [, name, tenant] = request.url.split('/');
  if (request.method === 'POST' && name === 'notes') {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      notes.add(tenant, Buffer.concat(chunks).toString('utf8'));
      response.writeHead(201).end();
    });
    return;
  }
  const route = routes[name];
  if (route === undefined) response.writeHead(404).end();
  else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(route(tenant)));
});

server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () =>
  console.log(`listening ${server.address().port}`),
);
