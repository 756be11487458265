// Documents with texts of some pages.

const WORDS =
  'the press of a town prints what its people read and what they would rather not have read'.split(' ');

const textOf = (seed, words) =>
  Array.from({ length: words }, (_, i) => WORDS[(seed * 31 + i * i + i) % WORDS.length]).join(' ');

export function createDocuments(count) {
  const documents = new Map();
  for (let id = 1; id <= count; id += 1)
    documents.set(id, { id, title: `Document ${id}`, text: textOf(id, 400 + (id % 7) * 100) });
  return { find: (id) => documents.get(id) };
}
