import { articleOf } from './articles.mjs';
import { render } from './render.mjs';

const MAX_PAGES = 2_800;
/** Who reads one reads the next ones soon. */
const AHEAD = 10;
const pages = new Map();
let hits = 0;
let misses = 0;

function keep(page) {
  pages.set(page.id, page);
  if (pages.size > MAX_PAGES) pages.delete(pages.keys().next().value);
}

export function pageOf(id) {
  const known = pages.get(id);
  if (known === undefined) misses += 1;
  else hits += 1;
  for (let next = id; next < id + AHEAD; next += 1) {
    const page = pages.get(next) ?? render(articleOf(next));
    pages.delete(page.id);
    keep(page);
  }
  return pages.get(id);
}

export const newest = (count) => [...pages.values()].slice(-count);

export const cacheFigures = () => ({ pages: pages.size, hits, misses });

for (let id = 1; id <= MAX_PAGES; id += 1) keep(render(articleOf(id)));
