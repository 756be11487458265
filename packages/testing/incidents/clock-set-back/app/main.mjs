// Converts amounts between currencies for partners.
import { createServer } from 'node:http';
import { createAllowance } from './allowance.mjs';
import { convert, startRates, table } from './rates.mjs';
import { countUse, uses } from './usage.mjs';

const allowance = createAllowance({ perSecond: 25, most: 50 });

const answer = (response, status, body, headers = {}) => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
};

function serve(request, response) {
  const { pathname, searchParams } = new URL(request.url, 'http://rates.local');
  if (pathname === '/rates') return answer(response, 200, table());
  if (pathname === '/usage') return answer(response, 200, uses());
  if (pathname !== '/convert') return answer(response, 404, { error: 'not found' });
  const partner = request.headers['x-partner'] ?? 'anonymous';
  if (!allowance.take(partner)) {
    countUse(partner, 'refused');
    return answer(response, 429, { error: 'too many calls' }, { 'retry-after': '1' });
  }
  countUse(partner, 'served');
  const [from, to] = [searchParams.get('from'), searchParams.get('to')];
  return answer(response, 200, convert(from, to, Number(searchParams.get('amount'))));
}

startRates();
const server = createServer(serve);
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  console.log(`listening ${server.address().port}`);
});
process.once('SIGTERM', () => process.exit(0));
