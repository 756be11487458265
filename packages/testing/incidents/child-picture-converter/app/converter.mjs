// Makes previews: reads a picture per line, answers with its preview in the palette of the archive.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { previewIn } from './preview.mjs';

const palette = JSON.parse(readFileSync(new URL('./archive.palette', import.meta.url), 'utf8'));

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, bytes } = JSON.parse(line);
  const preview = previewIn(palette, Buffer.from(bytes, 'base64'));
  process.stdout.write(`${JSON.stringify({ id, preview })}\n`);
});
