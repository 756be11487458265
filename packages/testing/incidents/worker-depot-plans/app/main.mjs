// Tour planning: each depot's orders are planned by one of a few workers, so that a depot's tours stay in order.
import { createServer } from 'node:http';
import { depotByName, depots } from './depots.mjs';
import { log } from './log.mjs';
import { planFor, plannerStatus, startPlanners } from './planners.mjs';

const MOST_BYTES = 64 * 1024;

async function bodyOf(request) {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk;
    if (text.length > MOST_BYTES) throw new Error('the body is too large');
  }
  return JSON.parse(text);
}

const routes = {
  'POST /plan': async (request) => {
    const { depot, orders } = await bodyOf(request);
    return planFor(depotByName(depot), orders);
  },
  'GET /depots': async () => depots(),
  'GET /health': async () => plannerStatus(),
};

const server = createServer(async (request, response) => {
  const route = routes[`${request.method} ${request.url}`];
  try {
    const answer = route === undefined ? undefined : await route(request);
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? {}));
  } catch (error) {
    log('no answer', { url: request.url, reason: error.message });
    response.writeHead(503).end();
  }
});

startPlanners();
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  process.stdout.write(`listening ${server.address().port}\n`);
});
