import { listen, sendJson } from './http.mjs';
import { isKnown } from './signatures.mjs';
import { readBody, stored, storeUpload } from './uploads.mjs';

listen(
  {
    'GET /health': (_request, response) => sendJson(response, 200, { status: 'up' }),
    'GET /stored': (_request, response) => sendJson(response, 200, stored()),
    'POST /uploads': async (request, response, url) => {
      const body = await readBody(request);
      if (isKnown(body)) return sendJson(response, 200, { state: 'known' });
      sendJson(response, 201, storeUpload(url.searchParams.get('name'), body));
    },
  },
  Number(process.env.PORT ?? 0),
);
