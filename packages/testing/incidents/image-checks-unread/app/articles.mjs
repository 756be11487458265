// The articles that were put last.
const KEPT = 1_000;
const IN_FEED = 100;

export function createArticles() {
  const kept = new Map();
  return {
    put(id, article) {
      kept.delete(id);
      kept.set(id, { id, ...article, changedAt: new Date().toISOString() });
      if (kept.size > KEPT) kept.delete(kept.keys().next().value);
    },
    latest: () => [...kept.values()].slice(-IN_FEED),
    size: () => kept.size,
  };
}
