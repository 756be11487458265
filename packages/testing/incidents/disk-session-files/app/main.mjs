// Log in, look at one's account, log out. Sessions are files, so that they outlive a deployment.
import { createServer } from 'node:http';
import { accountOf } from './accounts.mjs';
import { log } from './log.mjs';
import { endSession, openStore, saveSession, sessionOf } from './session-store.mjs';
import { startSweep } from './sweep.mjs';

const routes = {
  'POST /login': async (query) => {
    const account = accountOf(query.get('name') ?? 'guest');
    return { session: await saveSession({ account: account.name, since: Date.now() }) };
  },
  'GET /account': async (query) => {
    const session = await sessionOf(query.get('session') ?? '');
    return session === undefined ? { isKnown: false } : accountOf(session.account);
  },
  'POST /logout': async (query) => endSession(query.get('session') ?? ''),
};

const server = createServer(async (request, response) => {
  const url = new URL(request.url, 'http://localhost');
  const route = routes[`${request.method} ${url.pathname}`];
  try {
    const answer = route === undefined ? undefined : await route(url.searchParams);
    response.writeHead(route === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? {}));
  } catch (error) {
    log('no answer', { path: url.pathname, reason: error.message });
    response.writeHead(500).end();
  }
});

await openStore();
startSweep();
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  process.stdout.write(`listening ${server.address().port}\n`);
});
