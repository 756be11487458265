// Helpers for plain data.

/** A deep copy; dates become text. */
export const copyOf = (value) => JSON.parse(JSON.stringify(value));

export const groupBy = (list, keyOf) => {
  const groups = new Map();
  for (const item of list) {
    const key = keyOf(item);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(item);
  }
  return groups;
};
