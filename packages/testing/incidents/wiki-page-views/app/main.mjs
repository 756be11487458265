// A small team wiki: pages are kept as markup and rendered for each view.
import { createServer } from 'node:http';
import { recentlyViewed, remember } from './history.mjs';
import { log } from './log.mjs';
import { renderPage } from './page-view.mjs';
import { findPage, listPages } from './pages.mjs';

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url, 'http://wiki');
  const [, section, id] = pathname.split('/');
  if (section === 'pages' && id !== undefined) return showPage(id, response);
  if (section === 'pages') return sendJson(response, 200, listPages());
  if (section === 'recent') return sendJson(response, 200, recentlyViewed());
  return sendJson(response, 404, { error: 'no such page' });
});

function showPage(id, response) {
  const page = findPage(id);
  if (page === undefined) return sendJson(response, 404, { error: 'no such page' });
  remember(page);
  response.writeHead(200, { 'content-type': 'text/html' });
  response.end(renderPage(page));
}

function sendJson(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  console.log(`listening ${server.address().port}`);
});

setInterval(() => log('info', 'pages viewed', { recent: recentlyViewed().length }), 5_000).unref();
