// The page service: the start pages of many tenants, each in the colours of its own theme.
import { createServer } from 'node:http';
import { join } from 'node:path';
import { renderPage } from './pages.mjs';
import { prepareThemes } from './theme-files.mjs';
import { createThemes } from './themes.mjs';

const folder = join(import.meta.dirname, 'themes');
await prepareThemes(folder);
const themes = createThemes(folder);

async function answer(url) {
  const [, tenant] = /^\/([a-z]+\d+)$/.exec(url) ?? [];
  if (tenant === undefined) return { status: 404, body: '' };
  const theme = await themes.of(tenant);
  return theme === undefined ? { status: 404, body: '' } : { status: 200, body: renderPage(tenant, theme) };
}

const server = createServer(async (request, response) => {
  request.resume();
  const { status, body } = await answer(request.url);
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' }).end(body);
});

server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  console.log(`listening ${server.address().port}`);
});
