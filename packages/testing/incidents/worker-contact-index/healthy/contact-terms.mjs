// The words by which a contact is found.
const SEPARATORS = /[\s,.@/_-]+/;
const SHORTEST = 2;

export function termsOf({ firstName, lastName, email, company }) {
  const texts = [firstName, lastName, email, company?.name ?? '', company?.city ?? ''];
  const words = texts.flatMap((text) => text.toLocaleLowerCase('en').split(SEPARATORS));
  return [...new Set(words.filter((word) => word.length >= SHORTEST))];
}
