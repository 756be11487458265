// Whether a line that only its text tells about is an error, judged by its beginning alone: it decides what is told
// first in a flood, so it must cost next to nothing.

const BEGINNING = 256;
const SEVERE_JSON = /"(?:level|severity|lvl)"\s?:\s?"?(?:[56]0\b|err|fatal|crit|alert|emerg)/i;
const SEVERE_PLAIN = /\b(?:ERROR|FATAL|CRITICAL)\b|^\W{0,3}(?:error\b[\]:]|\w{0,60}Error\b)/;

export function isSevereText(text: unknown): boolean {
  if (typeof text !== 'string') return false;
  const beginning = text.length > BEGINNING ? text.slice(0, BEGINNING) : text;
  return SEVERE_JSON.test(beginning) || SEVERE_PLAIN.test(beginning);
}
