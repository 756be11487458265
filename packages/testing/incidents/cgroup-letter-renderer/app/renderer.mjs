// Draws letters as pages of grey dots. A page that was asked for before is at hand.
import { createHash } from 'node:crypto';
import { dotsOf } from './page.mjs';

const pages = new Map();

process.on('message', ({ id, letter }) => {
  const known = pages.get(letter.number) ?? dotsOf(letter.text);
  pages.set(letter.number, known);
  const digest = createHash('sha1').update(known.subarray(0, 4_096)).digest('hex');
  process.send({ id, page: { number: letter.number, bytes: known.length, digest } });
});
process.on('disconnect', () => process.exit(0));
