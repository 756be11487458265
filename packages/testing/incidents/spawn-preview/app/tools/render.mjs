// Sets a text into pages. One at a time: the fonts are shared with the print queue.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

const LOCK = join(import.meta.dirname, 'fonts.lock');
const WIDTH = 60;
const LINES = 40;

while (existsSync(LOCK)) await setTimeout(100);

const { title, text } = JSON.parse(readFileSync(0, 'utf8'));
const lines = [title, ''];
let line = '';
for (const word of text.split(' ')) {
  if (line.length + word.length > WIDTH) {
    lines.push(line);
    line = '';
  }
  line += line === '' ? word : ` ${word}`;
}
lines.push(line);
const pages = Array.from({ length: Math.ceil(lines.length / LINES) }, (_, page) =>
  lines.slice(page * LINES, (page + 1) * LINES),
);
process.stdout.write(JSON.stringify(pages));
