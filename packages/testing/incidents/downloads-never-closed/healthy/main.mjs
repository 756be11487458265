import { pipeline } from 'node:stream';
import { openDownload, progress } from './downloads.mjs';
import { listen, sendJson } from './http.mjs';
import { selectRows } from './rows.mjs';

listen(
  {
    'GET /health': (_request, response) => sendJson(response, 200, { status: 'up' }),
    'GET /progress': (_request, response) => sendJson(response, 200, progress()),
    'GET /export': (_request, response, url) => {
      const rows = selectRows(url.searchParams.get('region') ?? 'north');
      const download = openDownload(rows);
      response.writeHead(200, { 'content-type': 'text/csv' });
      pipeline(download, response, () => {});
    },
  },
  Number(process.env.PORT ?? 0),
);
