// Reports of a fleet of vehicles as CSV, and figures for dashboards as JSON.
import { createServer } from 'node:http';
import { csvOf } from './csv.mjs';
import { sendEncoded } from './encoding.mjs';
import { createFleet } from './fleet.mjs';
import { createMeters } from './meters.mjs';

const fleet = createFleet({ vehicles: 60, everyMs: 250 });
const meters = createMeters();

async function route(request, response) {
  const { pathname } = new URL(request.url, 'http://local');
  const [, first, id] = pathname.split('/');
  if (first === 'reports') return sendEncoded(request, response, csvOf(fleet.tripsOf(Number(id)), COLUMNS));
  if (first === 'figures')
    return sendEncoded(request, response, JSON.stringify({ ...fleet.figures(), ...meters.read() }));
  response.writeHead(404).end();
}

const COLUMNS = ['trip', 'vehicle', 'driver', 'from', 'to', 'km', 'litres', 'minutes'];

const server = createServer((request, response) => {
  const done = meters.begin();
  response.on('close', done);
  route(request, response).catch((error) => {
    console.error(JSON.stringify({ level: 'error', url: request.url, message: error.message }));
    if (!response.headersSent) response.writeHead(500);
    response.end();
  });
});

server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () =>
  console.log(`listening ${server.address().port}`),
);
