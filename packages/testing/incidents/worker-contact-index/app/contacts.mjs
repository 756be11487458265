// The address book: the newest contacts, held in memory.
const KEPT = 5_000;

const contacts = new Map();
let lastId = 0;

export function saveContact(fields) {
  lastId += 1;
  const contact = { id: lastId, ...fields };
  contacts.set(contact.id, contact);
  if (contacts.size > KEPT) contacts.delete(contacts.keys().next().value);
  return contact;
}

export const contactById = (id) => contacts.get(id);

export const contactCount = () => contacts.size;
