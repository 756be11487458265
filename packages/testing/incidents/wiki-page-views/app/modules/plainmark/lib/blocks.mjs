/** Paragraphs, headings and lists, in order. */
export function splitBlocks(text, { headings = true } = {}) {
  return text
    .split(/\n{2,}/)
    .filter((part) => part.trim() !== '')
    .map((part) => blockOf(part, headings));
}

function blockOf(part, headings) {
  const heading = headings ? /^(#{1,6}) (.*)$/.exec(part) : null;
  if (heading !== null) return { kind: 'heading', level: heading[1].length, text: heading[2] };
  const lines = part.split('\n');
  if (lines.every((line) => line.startsWith('- ')))
    return { kind: 'list', items: lines.map((line) => line.slice(2)) };
  return { kind: 'paragraph', text: part };
}
