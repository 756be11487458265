// The words by which a contact is found.
const SEPARATORS = /[\s,.@/_-]+/;
const SHORTEST = 2;

export function termsOf(contact) {
  const texts = [
    contact.firstName,
    contact.lastName,
    contact.email,
    contact.company.name,
    contact.company.city,
  ];
  const words = texts.flatMap((text) => text.toLocaleLowerCase('en').split(SEPARATORS));
  return [...new Set(words.filter((word) => word.length >= SHORTEST))];
}
