// Pictures are small and sent packed.

import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const pack = promisify(gzip);

export async function profileOf(user) {
  const card = JSON.stringify({ user, about: `I am ${user}. `.repeat(60) });
  const packed = await pack(card);
  return { user, bytes: packed.length };
}
