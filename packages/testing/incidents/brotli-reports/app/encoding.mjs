// Answers in the best encoding that the client understands.
import { brotliCompressSync, gzipSync } from 'node:zlib';

const WORTHWHILE_BYTES = 1_000;

function encode(text, accepted) {
  if (text.length < WORTHWHILE_BYTES) return { body: text, encoding: 'identity' };
  if (accepted.includes('br')) return { body: brotliCompressSync(text), encoding: 'br' };
  if (accepted.includes('gzip')) return { body: gzipSync(text), encoding: 'gzip' };
  return { body: text, encoding: 'identity' };
}

export async function sendEncoded(request, response, text) {
  const { body, encoding } = encode(text, request.headers['accept-encoding'] ?? '');
  response.writeHead(200, { 'content-encoding': encoding, vary: 'accept-encoding' });
  response.end(body);
}
