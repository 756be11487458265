// The queries of the last minutes, counted.
const MAX_QUERIES = 300;
const counts = new Map();

export function countQuery(query) {
  const short = query.slice(0, 24);
  const count = counts.get(short) ?? 0;
  counts.delete(short);
  counts.set(short, count + 1);
  if (counts.size > MAX_QUERIES) counts.delete(counts.keys().next().value);
}

export const popular = () =>
  [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, 10)
    .map(([query, count]) => ({ query, count }));
