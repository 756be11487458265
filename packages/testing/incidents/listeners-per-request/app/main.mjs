import { standings } from './board.mjs';
import { listen, sendJson } from './http.mjs';
import { nextChange } from './poll.mjs';
import { viewFor } from './views.mjs';

const WAIT_MS = 120;

listen(
  {
    'GET /health': (_request, response) => sendJson(response, 200, { status: 'up' }),
    'GET /standings': (_request, response) => sendJson(response, 200, standings().slice(0, 20)),
    'GET /board': async (_request, response, url) => {
      const view = viewFor(url.searchParams.get('fan') ?? 'guest');
      const changed = await nextChange(view, WAIT_MS);
      sendJson(response, 200, { fan: view.fan, changed, rows: view.rows.slice(0, 10) });
    },
  },
  Number(process.env.PORT ?? 0),
);
