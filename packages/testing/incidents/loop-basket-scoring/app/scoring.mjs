// How well the lines of a basket go together: the discount for sets is drawn from it.

const SET_OF_TAGS = 3;

function sharedTags(left, right) {
  return left.tags.filter((tag) => right.tags.includes(tag)).length;
}

function relatedLines(lines) {
  let related = 0;
  for (const line of lines)
    for (const other of lines) if (line.id < other.id && sharedTags(line, other) >= SET_OF_TAGS) related += 1;
  return related;
}

export function scoreBasket(lines) {
  const total = lines.reduce((sum, { cents }) => sum + cents, 0);
  const related = relatedLines(lines);
  return { lines: lines.length, total, related, discount: Math.min(0.2, related / 1000) };
}
