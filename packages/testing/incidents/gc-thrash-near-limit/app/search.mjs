import { newest } from './pages.mjs';

const LOOKED_AT = 120;

/** Among what was read lately. */
export function searchFor(query) {
  const words = query.toLowerCase().split(' ');
  const found = newest(LOOKED_AT).flatMap(({ id, title, parts }) =>
    parts
      .map((part) => ({
        id,
        title,
        anchor: part.anchor,
        score: part.words.filter((word) => words.includes(word)).length,
      }))
      .filter(({ score }) => score > 0),
  );
  return found.sort((a, b) => b.score - a.score).slice(0, 10);
}
