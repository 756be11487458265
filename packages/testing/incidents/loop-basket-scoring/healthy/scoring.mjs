// How well the lines of a basket go together: the discount for sets is drawn from it.

const SET_OF_TAGS = 3;

function* triples([a, b, c, d]) {
  yield `${a}|${b}|${c}`;
  yield `${a}|${b}|${d}`;
  yield `${a}|${c}|${d}`;
  yield `${b}|${c}|${d}`;
}

function relatedLines(lines) {
  const seen = new Map();
  let related = 0;
  for (const { tags } of lines)
    for (const key of triples([...tags].sort())) {
      const count = seen.get(key) ?? 0;
      related += count;
      seen.set(key, count + 1);
    }
  return Math.floor(related / (SET_OF_TAGS + 1));
}

export function scoreBasket(lines) {
  const total = lines.reduce((sum, { cents }) => sum + cents, 0);
  const related = relatedLines(lines);
  return { lines: lines.length, total, related, discount: Math.min(0.2, related / 1000) };
}
