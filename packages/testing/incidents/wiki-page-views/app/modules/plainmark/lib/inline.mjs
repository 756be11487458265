import { escapeHtml } from './escape.mjs';

const OPEN = 91;
const CLOSE = 93;

/** Emphasis, code and links inside of one block. */
export function inline(text) {
  const out = [];
  let plain = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text.charCodeAt(at) !== OPEN) continue;
    const link = readLink(text, at);
    if (link === undefined) continue;
    out.push(spans(text.slice(plain, at)), link.html);
    plain = link.end;
    at = link.end - 1;
  }
  out.push(spans(text.slice(plain)));
  return out.join('');
}

function readLink(text, start) {
  const close = closingBracket(text, start);
  if (close === -1 || text[close + 1] !== '(') return undefined;
  const end = text.indexOf(')', close);
  if (end === -1) return undefined;
  const label = escapeHtml(text.slice(start + 1, close));
  return { html: `<a href="${escapeHtml(text.slice(close + 2, end))}">${label}</a>`, end: end + 1 };
}

/** Labels may have brackets of their own, which are balanced. */
function closingBracket(text, start) {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === OPEN) depth += 1;
    else if (code === CLOSE) {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return -1;
}

const spans = (text) =>
  escapeHtml(text)
    .replace(/\*([^*\n]+)\*/g, '<em>$1</em>')
    .replace(/`([^`\n]+)`/g, '<code>$1</code>');
