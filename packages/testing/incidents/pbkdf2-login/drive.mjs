// People log in now and then, and their browsers ask who they are.
import { pbkdf2Sync } from 'node:crypto';

const NAMES = ['ada', 'grace', 'alan'];
/** What a policy of half a second for a log-in makes of it. */
const DERIVE_MS = 350;
const BYTES = 64;

export async function prepare(lab) {
  const rounds = lab.hashRounds(DERIVE_MS);
  lab.env.PASSWORD_ROUNDS = String(rounds);
  lab.env.IMPORTED_ACCOUNTS = JSON.stringify(
    NAMES.map((name) => {
      const salt = `salt-of-${name}`;
      const hash = pbkdf2Sync(`secret of ${name}`, salt, rounds, BYTES, 'sha512').toString('hex');
      return { mail: `${name}@example.org`, name, salt, hash };
    }),
  );
}

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
