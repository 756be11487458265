// Users sign in with a password; what is kept of it is a hash.
import { randomUUID, scrypt } from 'node:crypto';
import { promisify } from 'node:util';

const hash = promisify(scrypt);
const MAX_SESSIONS = 2_000;
const sessions = new Map();

export async function openSession(user, password) {
  const digest = await hash(password, `salt of ${user}`, 32, { N: 4_096 });
  const id = randomUUID();
  if (sessions.size >= MAX_SESSIONS) sessions.delete(sessions.keys().next().value);
  sessions.set(id, { user, since: Date.now() });
  return { id, fingerprint: digest.toString('hex').slice(0, 8) };
}
