// Freight quotes for partners, who connect anew for each question.
import { createServer } from 'node:http';
import { countConnection, report } from './connections.mjs';
import { log } from './log.mjs';
import { originOf } from './origins.mjs';
import { quoteFor } from './quotes.mjs';

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://freight.local');
  const send = (status, body) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  if (pathname === '/quotes') return send(200, quoteFor(searchParams.get('from'), searchParams.get('to')));
  if (pathname === '/connections') return send(200, report());
  if (pathname === '/health') return send(200, { ok: true });
  return send(404, { error: 'not found' });
});

server.on('connection', (socket) => {
  const origin = originOf(socket.remoteAddress, socket.remotePort);
  countConnection(origin);
  socket.on('error', (error) => log(`connection from ${origin}: ${error.code}`));
});

server.listen({ port: Number(process.env.PORT ?? 0), host: '127.0.0.1', backlog: 48 }, () => {
  console.log(`listening ${server.address().port}`);
});
process.once('SIGTERM', () => process.exit(0));
