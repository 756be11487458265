// Documents of tenants, behind signed links.
import { createServer } from 'node:http';
import { readDocument, terms } from './documents.mjs';
import { isValid, linkFor } from './links.mjs';
import { log } from './log.mjs';
import { profileOf } from './profiles.mjs';
import { openSession } from './sessions.mjs';

async function route(method, url) {
  const query = Object.fromEntries(url.searchParams);
  const [, resource, name] = url.pathname.split('/');
  switch (`${method} ${resource}`) {
    case 'GET documents':
      if (!(await isValid(query.tenant, name, query.until, query.signature)))
        return [403, { error: 'not signed' }];
      return [200, await readDocument(name)];
    case 'POST links':
      return [201, await linkFor(query.tenant, query.document)];
    case 'POST sessions':
      return [201, await openSession(query.user, query.password)];
    case 'GET terms':
      return [200, await terms()];
    case 'GET profiles':
      return [200, await profileOf(query.user)];
    default:
      return [404, { error: 'not found' }];
  }
}

const server = createServer(async (request, response) => {
  const url = new URL(request.url, 'http://documents.local');
  const [status, body] = await route(request.method, url).catch((error) => {
    log('error', `${request.method} ${url.pathname}: ${error.message}`);
    return [500, { error: 'not possible' }];
  });
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
});

server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  console.log(`listening ${server.address().port}`);
});
process.once('SIGTERM', () => process.exit(0));
