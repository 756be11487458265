import { rank } from './rank.mjs';

const answers = new Map();

/** The same query is typed again and again, letter by letter: what was found is kept. */
export function suggest(query) {
  const text = query.trim().toLowerCase();
  const known = answers.get(text);
  const found = known ?? rank(text);
  if (known === undefined) answers.set(text, found);
  return found.slice(0, 8).map(({ title, year }) => ({ title, year, from: title.indexOf(text.slice(0, 3)) }));
}
