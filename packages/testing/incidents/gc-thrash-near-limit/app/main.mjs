import { listen, sendJson } from './http.mjs';
import { log } from './log.mjs';
import { cacheFigures, pageOf } from './pages.mjs';
import { htmlOf } from './render.mjs';
import { searchFor } from './search.mjs';

setInterval(() => log.info('pages', cacheFigures()), 5_000).unref();

listen(
  {
    'GET /health': (_request, response) => sendJson(response, 200, { status: 'up' }),
    'GET /page': (_request, response, url) => {
      const page = pageOf(Number(url.searchParams.get('id') ?? 1));
      response.writeHead(200, { 'content-type': 'text/html', 'x-parts': page.parts.length });
      response.end(htmlOf(page));
    },
    'GET /search': (_request, response, url) =>
      sendJson(response, 200, searchFor(url.searchParams.get('q') ?? '')),
  },
  Number(process.env.PORT ?? 0),
);
