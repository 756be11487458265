// The shop's basket service.
import { createServer } from 'node:http';
import { createCatalogue } from './catalogue.mjs';
import { log, requestLogger } from './log.mjs';
import { createRouter } from './router.mjs';
import { scoreBasket } from './scoring.mjs';
import { createSessions } from './sessions.mjs';

const catalogue = createCatalogue(6000);
const sessions = createSessions({ capacity: 500, idleMs: 60_000 });
const router = createRouter();

router.get('/health', () => ({ status: 'up' }));
router.get('/products', ({ query }) => catalogue.page(Number(query.get('page') ?? 0), 20));
router.get('/session', ({ query }) => sessions.touch(query.get('id') ?? 'guest'));
router.post('/basket/score', ({ body }) => {
  const lines = body.ids.map((id) => catalogue.byId(id)).filter((product) => product !== undefined);
  return scoreBasket(lines);
});

const server = createServer((request, response) => {
  const done = requestLogger(request);
  router.handle(request, response).finally(() => done(response.statusCode));
});

server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  console.log(`listening ${server.address().port}`);
  log('info', 'catalogue loaded', { products: catalogue.size });
});
