import { createBreaker } from './breaker.mjs';
import { listen, readJson, sendJson } from './http.mjs';
import { log } from './log.mjs';
import { messageOf } from './messages.mjs';
import { createOutbox } from './outbox.mjs';
import { createPartner } from './partner.mjs';

const breaker = createBreaker({ failures: 5, restMs: 1_000 });
const outbox = createOutbox({ partner: createPartner(process.env.PARTNER_URL), breaker });
let accepted = 0;

setInterval(() => log.info('deliveries', { accepted, ...outbox.figures() }), 5_000).unref();

listen(
  {
    'GET /health': (_request, response) => sendJson(response, 200, { status: 'up' }),
    'POST /orders': async (request, response) => {
      const order = await readJson(request);
      accepted += 1;
      outbox.deliver(messageOf(accepted, order));
      sendJson(response, 202, { id: accepted });
    },
  },
  Number(process.env.PORT ?? 0),
);
