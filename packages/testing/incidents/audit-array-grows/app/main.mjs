import { recentEntries } from './audit.mjs';
import { listen, readJson, sendJson } from './http.mjs';
import { changeOrder, orderOf, placeOrder } from './orders.mjs';
import { stockReport } from './stock.mjs';

listen(
  {
    'GET /health': (_request, response) => sendJson(response, 200, { status: 'up' }),
    'GET /stock': (_request, response) => sendJson(response, 200, stockReport()),
    'GET /order': (_request, response, url) => {
      const order = orderOf(Number(url.searchParams.get('id')));
      sendJson(response, order === undefined ? 404 : 200, order ?? { error: 'unknown order' });
    },
    'GET /history': (_request, response) => sendJson(response, 200, recentEntries(20)),
    'POST /orders': async (request, response) => {
      const { clerk, lines } = await readJson(request);
      sendJson(response, 201, { id: placeOrder(clerk, lines).id });
    },
    'POST /order': async (request, response, url) => {
      const { clerk, note } = await readJson(request);
      const order = changeOrder(Number(url.searchParams.get('id')), clerk, note);
      sendJson(response, order === undefined ? 404 : 200, { id: order?.id, revision: order?.revision });
    },
  },
  Number(process.env.PORT ?? 0),
);
