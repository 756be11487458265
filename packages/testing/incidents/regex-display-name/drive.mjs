// Members read and change profiles; after some seconds one chooses a name that the check is not made for.

const NAMES = ['Ada Lovelace', "Flann O'Brien", 'Jean-Luc', 'Zoë van der Meer', 'R2 D2'];
const CHOSEN = 'Bartholomew Featherstonehaugh Cholmondeley Marjoribanks!';

export async function drive(lab) {
  const reading = lab.every(40, () => lab.request(`/members/${1 + Math.floor(lab.random() * 2_000)}`));
  const online = lab.every(1_000, () => lab.request('/online'));
  const writing = lab.every(250, () => change(lab, NAMES[Math.floor(lab.random() * NAMES.length)]));
  await lab.wait(5_000);
  change(lab, CHOSEN);
  if (lab.isHealthy) return Promise.all([reading, online, writing]);
  await lab.wait(1_500);
  lab.alert();
  await Promise.all([reading, online, writing]);
}

const change = (lab, displayName) =>
  lab.request(`/members/${1 + Math.floor(lab.random() * 2_000)}`, {
    method: 'PUT',
    body: JSON.stringify({
      displayName,
      handle: 'newcomer',
      about: 'hello',
      links: ['https://example.org/me'],
    }),
    timeoutMs: 20_000,
  });
