// Makes previews: reads a picture per line, answers with its preview in the palette of the archive. Ends after so many
// pictures, so that what the codecs keep goes with it.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { previewIn } from './preview.mjs';

const PER_LIFE = 12;

const palette = JSON.parse(readFileSync(new URL('./archive.palette', import.meta.url), 'utf8'));
let made = 0;

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, bytes } = JSON.parse(line);
  const preview = previewIn(palette, Buffer.from(bytes, 'base64'));
  made += 1;
  process.stdout.write(`${JSON.stringify({ id, preview })}\n`, () => {
    if (made >= PER_LIFE) process.exit(0);
  });
});
