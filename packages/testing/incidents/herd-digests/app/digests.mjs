// A digest puts those notes of a tenant together that say nearly the same.

const NEAR = 0.35;

function distances(words) {
  const found = [];
  for (let a = 0; a < words.length; a += 1) {
    for (let b = a + 1; b < words.length; b += 1) {
      let shared = 0;
      for (const word of words[a]) if (words[b].has(word)) shared += 1;
      const likeness = shared / (words[a].size + words[b].size - shared);
      if (likeness >= NEAR) found.push([a, b]);
    }
  }
  return found;
}

export function buildDigest(tenant, notes) {
  const words = notes.map(({ text }) => new Set(text.toLowerCase().split(/\W+/)));
  const groupOf = notes.map((_, index) => index);
  for (const [a, b] of distances(words)) groupOf[b] = groupOf[a];
  const groups = Map.groupBy(notes, (_, index) => groupOf[index]);
  return {
    tenant,
    groups: [...groups.values()]
      .toSorted((left, right) => right.length - left.length)
      .slice(0, 5)
      .map(([first, ...others]) => ({ text: first.text, others: others.length })),
  };
}
