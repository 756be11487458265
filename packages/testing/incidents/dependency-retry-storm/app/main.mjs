// Accounts of a bank's customers, for the app.
import { createServer } from 'node:http';
import { accountOf, transfersOf } from './accounts.mjs';
import { log } from './log.mjs';
import { rates } from './rates.mjs';

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://accounts.local');
  const [, resource, id, part] = pathname.split('/');
  const reply = (status, body) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  try {
    if (resource === 'accounts' && part === 'transfers') return reply(200, await transfersOf(id));
    if (resource === 'accounts') return reply(200, await accountOf(id));
    if (resource === 'rates') return reply(200, await rates());
    return reply(404, { error: 'not found' });
  } catch (error) {
    log(`${request.method} ${pathname} not answered: ${error.message}`);
    return reply(503, { error: 'temporarily unavailable' });
  }
});

server.listen(process.env.PORT ?? 0, '127.0.0.1', () => {
  console.log(`listening ${server.address().port}`);
});
process.once('SIGTERM', () => process.exit(0));
