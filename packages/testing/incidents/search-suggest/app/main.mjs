// Suggestions while one types: matching titles, scored, with what to highlight.
import { createServer } from 'node:http';
import { countQuery, popular } from './popular.mjs';
import { suggest } from './suggest.mjs';

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://search');
  if (pathname === '/suggest') {
    const query = searchParams.get('q') ?? '';
    countQuery(query);
    return send(response, 200, suggest(query));
  }
  if (pathname === '/popular') return send(response, 200, popular());
  return send(response, 404, { error: 'unknown' });
});

function send(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  console.log(`listening ${server.address().port}`);
});
