// Baskets of a food delivery, with today's prices.
import { createServer } from 'node:http';
import { basketOf, offers } from './baskets.mjs';
import { courierFor } from './couriers.mjs';
import { log } from './log.mjs';

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://baskets.local');
  const [, resource, id] = pathname.split('/');
  const send = (status, body) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  try {
    if (resource === 'baskets') send(200, await basketOf(id));
    else if (resource === 'offers') send(200, await offers());
    else if (resource === 'couriers') send(200, await courierFor(id));
    else if (resource === 'health') send(200, { ok: true });
    else send(404, { error: 'not found' });
  } catch (error) {
    log.error(error.message, { pathname });
    send(502, { error: 'not available' });
  }
});

server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  console.log(`listening ${server.address().port}`);
});
process.once('SIGTERM', () => process.exit(0));
