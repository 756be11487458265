// People log in now and then, and their browsers ask who they are.

const NAMES = ['ada', 'grace', 'alan'];

export async function drive(lab) {
  let token = '';
  let count = 0;
  const asking = lab.every(40, () => lab.request('/me', { headers: { authorization: `Bearer ${token}` } }));
  const entering = lab.every(1_000, async () => {
    const name = NAMES[count % NAMES.length];
    count += 1;
    const password = count % 4 === 0 ? 'a guess' : `secret of ${name}`;
    const answer = await lab.request('/login', {
      method: 'POST',
      body: { mail: `${name}@example.org`, password },
    });
    if (answer.status === 200) token = JSON.parse(answer.text).token;
  });
  await Promise.all([asking, entering]);
}
