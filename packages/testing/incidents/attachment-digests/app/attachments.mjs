// Attachments come in, are summed and stored under their sum: what is sent twice is stored once.
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startDigest } from './digests.mjs';
import { kindOf } from './kinds.mjs';

const MAX_BYTES = 2_000_000;

const refusal = (status, message) => Object.assign(new Error(message), { status });

export async function storeAttachment(request, folder) {
  const digest = startDigest();
  const pieces = [];
  let bytes = 0;
  for await (const piece of request) {
    bytes += piece.length;
    if (bytes > MAX_BYTES) throw refusal(413, 'the attachment is too large');
    digest.input.write(piece);
    pieces.push(piece);
  }
  const content = Buffer.concat(pieces);
  const kind = kindOf(content);
  if (kind === undefined) throw refusal(415, 'attachments of this kind are not taken');
  digest.input.end();
  const sum = await digest.sum;
  const path = join(folder, sum);
  if (!existsSync(path)) await writeFile(path, content);
  return { sum, kind, bytes };
}
