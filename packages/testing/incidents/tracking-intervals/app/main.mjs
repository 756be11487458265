// The tracking service: while a customer looks at a delivery, its position and arrival are kept up to date.
import { createServer } from 'node:http';
import { createFleet } from './fleet.mjs';
import { createTrackings } from './trackings.mjs';

const fleet = createFleet();
const trackings = createTrackings(fleet);

function answer(method, url) {
  const [, id] = /^\/trackings\/(\w+)$/.exec(url) ?? [];
  if (method === 'POST' && url === '/trackings') return { status: 201, body: trackings.begin() };
  if (method === 'GET' && url === '/fleet') return { status: 200, body: fleet.overview() };
  if (id === undefined) return { status: 404, body: { error: 'not found' } };
  if (method === 'DELETE') return trackings.end(id) ? { status: 204 } : { status: 404, body: {} };
  const tracking = trackings.find(id);
  return tracking === undefined ? { status: 404, body: {} } : { status: 200, body: tracking };
}

const server = createServer((request, response) => {
  request.resume();
  const { status, body } = answer(request.method, request.url);
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(body === undefined ? undefined : JSON.stringify(body));
});

// Vans report by themselves; here their reports come from a route that is driven over and over.
setInterval(() => fleet.advance(), 500);

server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  console.log(`listening ${server.address().port}`);
});
