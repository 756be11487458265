// The quote service: the order books of an exchange, as a page or as a stream of events.
import { createServer } from 'node:http';
import { createBooks } from './books.mjs';
import { createChannel } from './channel.mjs';
import { startFeed } from './feed.mjs';

const books = createBooks();
const channel = createChannel();

function answer(request, response) {
  const [path] = request.url.split('?');
  if (path === '/quotes/stream') return channel.join(response);
  if (path === '/quotes') return response.end(JSON.stringify(books.tops()));
  if (path === '/stats') return response.end(JSON.stringify(channel.stats()));
  return response.writeHead(404).end();
}

const server = createServer((request, response) => {
  request.resume();
  answer(request, response);
});

startFeed(books, (snapshot) => channel.publish('books', snapshot));

server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  console.log(`listening ${server.address().port}`);
});
