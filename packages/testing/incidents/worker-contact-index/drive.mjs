// People save contacts and search for them; the 30th is imported from a list that has no companies.
const FIRST_NAMES = ['Ada', 'Grace', 'Alan', 'Edsger', 'Barbara', 'Tony'];
const LAST_NAMES = ['Lovelace', 'Hopper', 'Turing', 'Dijkstra', 'Liskov', 'Hoare'];

export async function drive(lab) {
  let count = 0;
  const pick = (list) => list[Math.floor(lab.random() * list.length)];
  const save = () => {
    count += 1;
    const [firstName, lastName] = [pick(FIRST_NAMES), pick(LAST_NAMES)];
    const email = `${firstName}.${lastName}${count}@example.org`;
    const company = { name: `${lastName} Ltd`, city: 'Utrecht' };
    const body = count % 30 === 0 ? { firstName, lastName, email } : { firstName, lastName, email, company };
    return lab.request('/contacts', { method: 'POST', body });
  };
  await Promise.all([
    lab.every(50, save),
    lab.every(80, () => lab.request(`/search?q=${pick(LAST_NAMES)}`)),
    lab.every(1000, () => lab.request('/health')),
  ]);
}
