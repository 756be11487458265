// Shipping labels as SVG: barcode, address, sorting code.
import { createServer } from 'node:http';
import { carrierOf, carriers } from './carriers.mjs';
import { labelOf } from './label.mjs';
import { log } from './log.mjs';
import { recentLabels, remember } from './recent.mjs';

const routes = {
  '/label': (query) => {
    const carrier = carrierOf(query.get('carrier') ?? 'post');
    const label = labelOf({ carrier, parcel: query.get('parcel') ?? '0', city: query.get('city') ?? 'Bonn' });
    remember(label.code);
    return label.svg;
  },
  '/carriers': () => JSON.stringify(carriers()),
  '/recent': () => JSON.stringify(recentLabels()),
  '/health': () => 'ok',
};

const server = createServer((request, response) => {
  const url = new URL(request.url, 'http://localhost');
  const route = routes[url.pathname];
  if (route === undefined) return response.writeHead(404).end();
  try {
    response.end(route(url.searchParams));
  } catch (error) {
    log('label not made', { url: request.url, reason: error.message });
    response.writeHead(422).end();
  }
});

server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  process.stdout.write(`listening ${server.address().port}\n`);
});
