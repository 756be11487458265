import { findProduct, listCategory } from './catalogue.mjs';
import { listen, readJson, sendJson } from './http.mjs';
import { quoteFor } from './quotes.mjs';
import { sessionOf } from './sessions.mjs';

listen(
  {
    'GET /health': (_request, response) => sendJson(response, 200, { status: 'up' }),
    'GET /category': (_request, response, url) =>
      sendJson(response, 200, listCategory(url.searchParams.get('name'))),
    'POST /quotes': async (request, response) => {
      const { customer, lines } = await readJson(request);
      const session = sessionOf(customer);
      const known = lines.filter(({ sku }) => findProduct(sku) !== undefined);
      const quote = quoteFor(session, known);
      sendJson(response, 200, { total: quote.total, currency: quote.currency, lines: quote.lines.length });
    },
  },
  Number(process.env.PORT ?? 0),
);
