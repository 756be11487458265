import { titles } from './titles.mjs';

/** All titles that share the beginning of a word with the query, the best first. */
export function rank(text) {
  const start = text.slice(0, 2);
  return titles
    .filter(({ title }) => title.startsWith(start) || title.includes(` ${start}`))
    .map(({ id, title, year }) => ({ id, title, year, score: scoreOf(title, text), seen: [text.length, id] }))
    .sort((a, b) => b.score - a.score)
    .slice(0, 700);
}

function scoreOf(title, text) {
  let score = 0;
  for (let at = 0; at < text.length; at += 1) if (title[at] === text[at]) score += 2;
  return score + (title.includes(text) ? 50 : 0) - title.length / 10;
}
