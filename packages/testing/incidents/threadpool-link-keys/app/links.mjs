// A link holds for a tenant and a document until a moment.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { keyOf } from './link-keys.mjs';

const VALID_MS = 3_600_000;

export async function linkFor(tenant, document) {
  const until = String(Date.now() + VALID_MS);
  const signature = sign(await keyOf(tenant), `${document} ${until}`);
  return { path: `/documents/${document}?${new URLSearchParams({ tenant, until, signature })}` };
}

export async function isValid(tenant, document, until, signature = '') {
  if (!(Number(until) > Date.now())) return false;
  const wanted = Buffer.from(sign(await keyOf(tenant), `${document} ${until}`));
  const given = Buffer.from(signature);
  return wanted.length === given.length && timingSafeEqual(wanted, given);
}

const sign = (key, text) => createHmac('sha256', key).update(text).digest('base64url');
