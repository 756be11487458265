// One worker of the premium service. Connections come from the primary; it listens to no port itself.
import { createServer } from 'node:http';
import { log } from './log.mjs';
import { premiumOf } from './premium.mjs';
import { sessionCount, sessionOf } from './sessions.mjs';

const server = createServer((request, response) => {
  const url = new URL(request.url, 'http://localhost');
  // The proxy in front speaks HTTP/1.0 to us and opens a connection for each request.
  response.shouldKeepAlive = false;
  response.setHeader('content-type', 'application/json');
  if (url.pathname === '/health') return response.end(JSON.stringify({ sessions: sessionCount() }));
  if (url.pathname !== '/premium') return response.writeHead(404).end();
  const session = sessionOf(url.searchParams.get('customer') ?? 'guest');
  const premium = premiumOf({
    age: Number(url.searchParams.get('age') ?? 40),
    sum: Number(url.searchParams.get('sum') ?? 100_000),
    years: Number(url.searchParams.get('years') ?? 20),
  });
  session.lastPremium = premium;
  response.end(JSON.stringify({ premium, asked: session.asked }));
});

process.on('message', (message, socket) => {
  if (message !== 'connection' || socket === undefined) return;
  server.emit('connection', socket);
  socket.resume();
});

setInterval(() => log('sessions', { pid: process.pid, count: sessionCount() }), 10_000).unref();
process.send('ready');
