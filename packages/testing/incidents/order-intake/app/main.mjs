// Takes orders: checks them, has the buyer screened, keeps a number.
import { createServer } from 'node:http';
import { acceptOrder } from './intake.mjs';
import { lastNumbers } from './numbers.mjs';

const server = createServer(async (request, response) => {
  if (request.method === 'POST' && request.url === '/orders') return takeOrder(request, response);
  if (request.url === '/numbers') return send(response, 200, lastNumbers());
  return send(response, 404, { error: 'unknown' });
});

async function takeOrder(request, response) {
  try {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const number = await acceptOrder(JSON.parse(Buffer.concat(chunks).toString('utf8')));
    send(response, 201, { number });
  } catch (error) {
    console.error(`order refused: ${error.message}`);
    send(response, 422, { error: 'refused' });
  }
}

function send(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  console.log(`listening ${server.address().port}`);
});
