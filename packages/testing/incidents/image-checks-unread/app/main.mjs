// The feed service: sellers put their articles, marketplaces get them as a feed.
import { createServer } from 'node:http';
import { createArticles } from './articles.mjs';
import { renderFeed } from './feed.mjs';
import { checkImage } from './image-checks.mjs';

const articles = createArticles();

async function putArticle(id, request) {
  const article = JSON.parse(Buffer.concat(await request.toArray()).toString('utf8'));
  const image = await checkImage(article.image);
  if (!image.usable) return { status: 422, body: JSON.stringify({ error: 'the image cannot be used' }) };
  articles.put(id, { ...article, imageType: image.type });
  return { status: 200, body: JSON.stringify({ id }) };
}

async function answer(request) {
  const { method, url } = request;
  const [, id] = /^\/articles\/(\d+)$/.exec(url) ?? [];
  if (method === 'PUT' && id !== undefined) return putArticle(id, request);
  request.resume();
  if (method === 'GET' && url === '/feed.xml') return { status: 200, body: renderFeed(articles.latest()) };
  return { status: 404, body: '' };
}

const server = createServer(async (request, response) => {
  try {
    const { status, body } = await answer(request);
    response.writeHead(status).end(body);
  } catch (error) {
    console.error(JSON.stringify({ url: request.url, message: error.message }));
    response.writeHead(500).end();
  }
});

setInterval(() => console.error(JSON.stringify({ articles: articles.size() })), 10_000);

server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  console.log(`listening ${server.address().port}`);
});
