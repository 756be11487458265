import { splitBlocks } from './lib/blocks.mjs';
import { inline } from './lib/inline.mjs';

/** Markup to HTML. */
export function toHtml(text, options = {}) {
  return splitBlocks(text, options).map(blockToHtml).join('\n');
}

function blockToHtml({ kind, level, items, text }) {
  if (kind === 'heading') return `<h${level}>${inline(text)}</h${level}>`;
  if (kind === 'list') return `<ul>${items.map((item) => `<li>${inline(item)}</li>`).join('')}</ul>`;
  return `<p>${inline(text)}</p>`;
}
