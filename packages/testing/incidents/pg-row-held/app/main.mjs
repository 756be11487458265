import { createServer } from 'node:http';
import { balance, statement } from './accounts.mjs';
import { migrate } from './database.mjs';
import { createLogger } from './log.mjs';
import { start } from './settlement.mjs';
import { transfer } from './transfers.mjs';

const log = createLogger('http');

async function bodyOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return JSON.parse(Buffer.concat(parts).toString());
}

async function answer(request, url) {
  if (request.method === 'POST' && url.pathname === '/transfers') return transfer(await bodyOf(request));
  const id = Number(url.searchParams.get('account'));
  if (url.pathname === '/balance') return balance(id);
  if (url.pathname === '/statement') return statement(id);
  return undefined;
}

const server = createServer(async (request, response) => {
  const url = new URL(request.url, 'http://localhost');
  try {
    const value = await answer(request, url);
    response.writeHead(value === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(value ?? { error: 'not found' }));
  } catch (error) {
    log.error('request failed', { path: url.pathname, reason: error.message });
    response.writeHead(500).end();
  }
});

await migrate();
start();
server.listen(Number(process.env.PORT ?? 3000), () => {
  process.stdout.write(`listening ${server.address().port}\n`);
});
