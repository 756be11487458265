// The shop as an HTTP service, started as a process of its own. It knows nothing of Nodelens.
// `--features=a,b` switches product features on: bundle-offers, personal-recommendations, turnover-curve.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { addLines, cartOf, clearCart } from './carts.ts';
import { findProduct, listCategory, searchProducts } from './catalogue.ts';
import { placeOrder, turnover, turnoverCurve } from './orders.ts';
import { quote } from './pricing.ts';
import { recommend, recommendFor } from './recommendations.ts';
import { stockOf } from './warehouse.ts';

const { values } = parseArgs({ options: { features: { type: 'string', default: '' } } });
const features = new Set(values.features.split(','));

type Handler = (url: URL, request: IncomingMessage) => unknown;

const visitorOf = (url: URL): string => url.searchParams.get('visitor') ?? 'anonymous';
const queryOf = (url: URL): string => url.searchParams.get('q') ?? '';

async function fillCart(url: URL, request: IncomingMessage): Promise<unknown> {
  const skus = JSON.parse(await text(request)) as string[];
  const cart = cartOf(visitorOf(url));
  return { added: addLines(cart, skus), lines: cart.lines.length };
}

function priceCart(url: URL): unknown {
  return quote(cartOf(visitorOf(url)).lines, features.has('bundle-offers'));
}

function checkout(url: URL): unknown {
  const { lines } = cartOf(visitorOf(url));
  const order = placeOrder(lines, quote(lines, features.has('bundle-offers')));
  clearCart(visitorOf(url));
  return { number: order.number, totalCents: order.totalCents };
}

function suggestions(url: URL): unknown {
  const made = features.has('personal-recommendations')
    ? recommendFor(visitorOf(url), queryOf(url))
    : recommend(queryOf(url));
  return made.slice(0, 10);
}

async function product(url: URL): Promise<unknown> {
  const found = findProduct(url.searchParams.get('sku') ?? '');
  return found && { ...found, inStock: await stockOf(found.sku) };
}

function report(): unknown {
  if (!features.has('turnover-curve')) return turnover();
  return { ...turnover(), points: turnoverCurve().length };
}

const routes: Readonly<Record<string, Handler>> = {
  'GET /': (url) => listCategory(url.searchParams.get('category') ?? 'living', 0),
  'GET /search': (url) => searchProducts(queryOf(url)),
  'GET /product': product,
  'GET /suggestions': suggestions,
  'POST /cart': fillCart,
  'GET /cart/price': priceCart,
  'POST /checkout': checkout,
  'GET /report': report,
};

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://shop.local');
  const handler = routes[`${request.method} ${url.pathname}`];
  const answer = async (): Promise<void> => {
    const body = await handler?.(url, request);
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body ?? { error: 'not found' }));
  };
  answer().catch(() => response.writeHead(400).end());
});

server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`listening ${(server.address() as AddressInfo).port}\n`);
});
process.once('SIGTERM', () => process.exit(0));
