import { createHmac } from 'node:crypto';
import { request } from 'node:http';

const KEY = 'a-key-of-the-exchange';
const MAX_DEPTH = 400;

/** The exchange wants the whole order book that we know, signed. */
function signed(symbol) {
  const levels = Array.from({ length: MAX_DEPTH }, (_, depth) => ({ depth, cents: 1_000 + depth, symbol }));
  const text = JSON.stringify({ symbol, levels });
  return { text, signature: createHmac('sha256', KEY).update(text).digest('hex') };
}

export function fetchPrices(symbol) {
  const { text, signature } = signed(symbol);
  return new Promise((resolve, reject) => {
    const asked = request(`${process.env.EXCHANGE_URL}/book`, {
      method: 'POST',
      agent: false,
      headers: { 'x-signature': signature, 'content-type': 'application/json' },
    });
    asked.on('response', (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => {
        if (response.statusCode === 200) resolve(JSON.parse(body).cents);
        else reject(new Error(`the exchange answered ${response.statusCode}`));
      });
    });
    asked.on('error', reject);
    asked.end(text);
  });
}
