const WORDS_PER_LINE = 8;
const LINES_PER_PAGE = 30;

/** Words to lines to pages, each with its place. */
export function layOut({ title, words }) {
  const lines = [];
  for (let from = 0; from < words.length; from += WORDS_PER_LINE) {
    const text = words.slice(from, from + WORDS_PER_LINE).join(' ');
    lines.push({
      text,
      width: text.length * 7,
      indent: from === 0 ? 20 : 0,
      marks: [...text].map((char) => char.charCodeAt(0)),
    });
  }
  const pages = [];
  for (let from = 0; from < lines.length; from += LINES_PER_PAGE) {
    pages.push({ title, number: pages.length + 1, lines: lines.slice(from, from + LINES_PER_PAGE) });
  }
  return pages;
}
