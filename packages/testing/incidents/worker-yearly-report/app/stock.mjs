// Articles and how many of each there are.
const ARTICLES = 400;

const counts = new Map(Array.from({ length: ARTICLES }, (_, index) => [`A${index + 1}`, (index * 37) % 500]));

export const articleNames = () => [...counts.keys()];

export function stockOf(article) {
  const count = counts.get(article);
  if (count === undefined) throw new Error(`there is no article ${article}`);
  return { article, count };
}
