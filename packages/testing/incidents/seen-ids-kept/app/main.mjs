import { listen, readJson, sendJson } from './http.mjs';
import { isRepeated } from './repeats.mjs';
import { count, totals } from './totals.mjs';

listen(
  {
    'GET /health': (_request, response) => sendJson(response, 200, { status: 'up' }),
    'GET /totals': (_request, response) => sendJson(response, 200, totals()),
    'POST /events': async (request, response) => {
      const { events } = await readJson(request);
      let taken = 0;
      for (const { id, kind, value } of events) {
        if (isRepeated(id)) continue;
        count(kind, value);
        taken += 1;
      }
      sendJson(response, 202, { taken, repeated: events.length - taken });
    },
  },
  Number(process.env.PORT ?? 0),
);
