// Webhooks: events come in, and go out to whoever has subscribed.
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { dispatch } from './dispatch.mjs';
import { journal, log } from './journal.mjs';
import { subscribers } from './subscribers.mjs';

const answer = (response, status, body) => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
};

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://webhooks.local');
  try {
    if (request.method === 'POST' && pathname === '/events') {
      const event = await json(request);
      return answer(response, 200, await dispatch(event));
    }
    if (pathname === '/subscribers') return answer(response, 200, subscribers());
    if (pathname === '/deliveries') return answer(response, 200, journal());
    return answer(response, 404, { error: 'not found' });
  } catch (error) {
    log(`${request.method} ${pathname}: ${error.message}`);
    return answer(response, 502, { error: 'not delivered' });
  }
});

server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  console.log(`listening ${server.address().port}`);
});
process.once('SIGTERM', () => process.exit(0));
