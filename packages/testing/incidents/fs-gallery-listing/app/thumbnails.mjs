// Thumbnails are drawn at first sight and kept while they are looked at.
import { createHash } from 'node:crypto';

const EDGE = 48;

function draw(key) {
  const seed = createHash('sha1').update(key).digest();
  const pixels = Buffer.alloc(EDGE * EDGE);
  for (let i = 0; i < pixels.length; i += 1) pixels[i] = seed[i % seed.length] ^ (i & 0xff);
  return { key, edge: EDGE, pixels: pixels.toString('base64') };
}

export function createThumbnails({ capacity }) {
  const drawn = new Map();
  return {
    get(key) {
      const thumbnail = drawn.get(key) ?? draw(key);
      drawn.delete(key);
      drawn.set(key, thumbnail);
      if (drawn.size > capacity) drawn.delete(drawn.keys().next().value);
      return thumbnail;
    },
  };
}
