import { createHash } from 'node:crypto';

const LISTED = 100;
const uploads = new Map();
let bytes = 0;

export async function readBody(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The file goes to the object store; what is known of it stays. */
export function storeUpload(name, body) {
  const entry = { name, size: body.length, digest: createHash('sha1').update(body).digest('hex') };
  bytes += body.length;
  uploads.set(name, entry);
  if (uploads.size > LISTED) uploads.delete(uploads.keys().next().value);
  return entry;
}

export const stored = () => ({ bytes, newest: [...uploads.values()].slice(-10) });
