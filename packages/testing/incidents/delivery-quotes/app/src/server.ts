// Quotes for deliveries: which zone an address is in, and what a parcel costs there.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { knownQuote, rememberQuote } from './quote-cache.js';
import { type Parcel, priceOf } from './tariff.js';
import { ZoneMap } from './zones.js';

interface QuoteRequest {
  readonly x: number;
  readonly y: number;
  readonly parcel: Parcel;
}

const zones = ZoneMap.ofCity(Number(process.env.ZONES ?? 48));

async function readJson<T>(request: IncomingMessage): Promise<T> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return JSON.parse(text) as T;
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

async function quote(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { x, y, parcel } = await readJson<QuoteRequest>(request);
  const key = `${x}:${y}:${parcel.grams}`;
  const known = knownQuote(key);
  if (known !== undefined) return send(response, 200, known);
  const zone = zones.closest({ x, y });
  const answer = { zone: zone.name, cents: priceOf(parcel, zone.level) };
  rememberQuote(key, answer);
  send(response, 200, answer);
}

const server = createServer((request, response) => {
  if (request.method === 'POST' && request.url === '/quotes') return void quote(request, response);
  if (request.url === '/zones') return send(response, 200, zones.names());
  return send(response, 404, { error: 'unknown' });
});

server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  const address = server.address();
  console.log(`listening ${typeof address === 'object' ? address?.port : address}`);
});
