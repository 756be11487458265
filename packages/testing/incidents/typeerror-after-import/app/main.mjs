import { createServer } from 'node:http';
import { start } from './feed.mjs';
import { createLogger } from './log.mjs';
import { list, show } from './products.mjs';
import { createRouter } from './router.mjs';

const log = createLogger('http');

const router = createRouter({
  onError(err, { request, path }) {
    log.error({ err, method: request.method, path }, 'request failed');
    return { status: 500, body: { error: 'internal error' } };
  },
});

router.use(({ request, path }) => log.info({ method: request.method, path }, 'request'));
router.get('/products', list);
router.get('/products/:id', show);
router.get('/healthz', () => ({ body: { status: 'ok' } }));

await start();
const server = createServer(router.handle);
server.listen(Number(process.env.PORT ?? 3000), () => {
  process.stdout.write(`listening ${server.address().port}\n`);
});
