// The tax of a basket, to the cent, and the signature that the authority asks for on each receipt.
import { createHmac } from 'node:crypto';

const KEY = 'a-key-of-the-till';
const CHAIN = 2_800;

export function taxOf(rates, lines) {
  let net = 0;
  let tax = 0;
  for (const { kind, cents, amount } of lines) {
    const sum = cents * amount;
    net += sum;
    tax += Math.round(sum * (rates[kind] ?? rates.other));
  }
  return { net, tax, signature: sign(`${net}/${tax}`) };
}

/** A chain of digests, as the authority's paper lays down. */
function sign(text) {
  let digest = text;
  for (let link = 0; link < CHAIN; link += 1)
    digest = createHmac('sha256', KEY).update(digest).digest('base64');
  return digest;
}
