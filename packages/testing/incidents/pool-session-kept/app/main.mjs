// The gateway to the hotel's reservation system, which allows few sessions at a time.
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { book } from './bookings.mjs';
import { log } from './log.mjs';
import { freeRooms } from './rooms.mjs';
import { sessions } from './sessions.mjs';
import { statementOf } from './statements.mjs';

async function respond(request, url) {
  const [, resource, id] = url.pathname.split('/');
  switch (`${request.method} ${resource}`) {
    case 'GET rooms':
      return freeRooms(url.searchParams.get('night') ?? '2026-12-24');
    case 'POST bookings':
      return book(await json(request));
    case 'GET statements':
      return statementOf(id);
    case 'GET status':
      return { sessions: sessions.size, uptime: Math.round(process.uptime()) };
    default:
      return undefined;
  }
}

const server = createServer(async (request, response) => {
  const url = new URL(request.url, 'http://gateway.local');
  let status = 200;
  let body;
  try {
    body = await respond(request, url);
    if (body === undefined) [status, body] = [404, { error: 'not found' }];
  } catch (error) {
    log.warn(`${request.method} ${url.pathname}`, error.message);
    [status, body] = [503, { error: 'the reservation system is not available' }];
  }
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
});

server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  console.log(`listening ${server.address().port}`);
});
process.once('SIGTERM', () => process.exit(0));
