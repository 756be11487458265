import { dashboardOf } from './dashboards.mjs';
import { listen, sendJson } from './http.mjs';
import { tenants } from './tenants.mjs';

listen(
  {
    'GET /health': (_request, response) => sendJson(response, 200, { status: 'up' }),
    'GET /tenants': (_request, response) => sendJson(response, 200, tenants()),
    'GET /dashboard': (_request, response, url) =>
      sendJson(response, 200, dashboardOf(url.searchParams.get('tenant') ?? 'tenant-1')),
  },
  Number(process.env.PORT ?? 0),
);
