// Quotes for business customers: list prices with the rules that apply to the customer.
import { createServer } from 'node:http';
import { audit, recentEntries } from './audit.mjs';
import { quote } from './quotes.mjs';
import { loadRules, ruleCount } from './rules.mjs';

loadRules();

const routes = {
  'GET /health': () => ({ rules: ruleCount() }),
  'GET /audit': () => recentEntries(20),
  'POST /quotes': (body) => {
    const answer = quote(body.customer, body.items);
    audit('quote', { customer: body.customer, cents: answer.cents });
    return answer;
  },
};

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const route = routes[`${request.method} ${request.url.split('?')[0]}`];
    if (route === undefined) return response.writeHead(404).end();
    try {
      const body = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : {};
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(route(body)));
    } catch (error) {
      audit('error', { message: error.message });
      response.writeHead(400).end(JSON.stringify({ message: error.message }));
    }
  });
});

server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () =>
  console.log(`listening ${server.address().port}`),
);
