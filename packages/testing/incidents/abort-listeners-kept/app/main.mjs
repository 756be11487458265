import { fetchRows } from './backend.mjs';
import { columnsOf } from './columns.mjs';
import { listen, sendJson } from './http.mjs';
import { shutdown } from './shutdown.mjs';

const server = listen(
  {
    'GET /health': (_request, response) => sendJson(response, 200, { status: 'up' }),
    'GET /rows': async (_request, response, url) => {
      const table = url.searchParams.get('table') ?? 'orders';
      const rows = await fetchRows(table, shutdown.signal);
      sendJson(response, 200, { table, count: rows.length, columns: columnsOf(table, rows) });
    },
  },
  Number(process.env.PORT ?? 0),
);

shutdown.signal.addEventListener('abort', () => server.close(), { once: true });
