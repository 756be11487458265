// A travel desk: itineraries for a session, prices in the currency of the traveller, hotels nearby.
import { createServer } from 'node:http';
import { hotelsNear } from './hotels.mjs';
import { itineraryFor } from './itineraries.mjs';
import { priceIn } from './prices.mjs';

const routes = {
  itineraries: async (id, query) => itineraryFor(id, query.get('session') ?? 'guest'),
  prices: async (id, query) => priceIn(id, query.get('currency') ?? 'EUR'),
  hotels: async (id) => hotelsNear(id),
};

const server = createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://desk');
  const [, section, id] = pathname.split('/');
  const route = routes[section];
  if (route === undefined || id === undefined) return send(response, 404, { error: 'unknown' });
  try {
    return send(response, 200, await route(id, searchParams));
  } catch (error) {
    console.error(`${request.method} ${pathname}: ${error.message}`);
    return send(response, 502, { error: 'try again later' });
  }
});

function send(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  console.log(`listening ${server.address().port}`);
});
