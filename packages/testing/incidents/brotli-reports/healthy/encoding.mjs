// Answers in the best encoding that the client understands.
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const WORTHWHILE_BYTES = 1_000;
const toBrotli = promisify(brotliCompress);
const toGzip = promisify(gzip);
const params = {
  [constants.BROTLI_PARAM_QUALITY]: 5,
  [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
};

async function encode(text, accepted) {
  if (text.length < WORTHWHILE_BYTES) return { body: text, encoding: 'identity' };
  if (accepted.includes('br')) return { body: await toBrotli(text, { params }), encoding: 'br' };
  if (accepted.includes('gzip')) return { body: await toGzip(text), encoding: 'gzip' };
  return { body: text, encoding: 'identity' };
}

export async function sendEncoded(request, response, text) {
  const { body, encoding } = await encode(text, request.headers['accept-encoding'] ?? '');
  response.writeHead(200, { 'content-encoding': encoding, vary: 'accept-encoding' });
  response.end(body);
}
