// Draws letters as pages of grey dots. The pages that were asked for last are at hand.
import { createHash } from 'node:crypto';
import { dotsOf } from './page.mjs';

const KEPT = 16;

const pages = new Map();

process.on('message', ({ id, letter }) => {
  const known = pages.get(letter.number) ?? dotsOf(letter.text);
  pages.delete(letter.number);
  pages.set(letter.number, known);
  if (pages.size > KEPT) pages.delete(pages.keys().next().value);
  const digest = createHash('sha1').update(known.subarray(0, 4_096)).digest('hex');
  process.send({ id, page: { number: letter.number, bytes: known.length, digest } });
});
process.on('disconnect', () => process.exit(0));
