// Whether a line that only its text tells about is an error, judged by its beginning alone: it decides what is told
// first in a flood, so it must cost next to nothing.

const BEGINNING = 256;
const SEVERE =
  /"(?:level|severity|lvl)"\s?:\s?"?(?:[56]0\b|err|fatal|crit|alert|emerg)|\b(?:ERROR|FATAL|CRITICAL)\b|^\W{0,3}error\b[\]:]/i;

export const isSevereText = (text: unknown): boolean =>
  typeof text === 'string' && SEVERE.test(text.length > BEGINNING ? text.slice(0, BEGINNING) : text);
