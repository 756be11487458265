import { createFarm } from './farm.mjs';
import { listen, readJson, sendJson } from './http.mjs';
import { createJobs } from './jobs.mjs';
import { layOut } from './layout.mjs';
import { log } from './log.mjs';

const DEADLINE_MS = 250;
const jobs = createJobs(createFarm(process.env.FARM_URL));
let late = 0;

setInterval(() => log.info('rendered', { ...jobs.figures(), late }), 5_000).unref();

const deadline = () => new Promise((resolve) => setTimeout(resolve, DEADLINE_MS, undefined));

listen(
  {
    'GET /health': (_request, response) => sendJson(response, 200, { status: 'up' }),
    'POST /render': async (request, response) => {
      const pages = layOut(await readJson(request));
      const result = await Promise.race([jobs.submit(pages), deadline()]);
      if (result === undefined) late += 1;
      sendJson(response, result === undefined ? 202 : 200, result ?? { state: 'being rendered' });
    },
    'POST /replies': async (request, response, url) => {
      jobs.settle(url.searchParams.get('job'), await readJson(request));
      sendJson(response, 204, {});
    },
  },
  Number(process.env.PORT ?? 0),
);
