// Passwords are kept as PBKDF2 of salt and password, with as many rounds as OWASP asks for or the policy says.
import { pbkdf2Sync, timingSafeEqual } from 'node:crypto';

export const ROUNDS = Number(process.env.PASSWORD_ROUNDS ?? 210_000);
const BYTES = 64;

function derive(password, salt) {
  return pbkdf2Sync(password.normalize('NFKC'), salt, ROUNDS, BYTES, 'sha512');
}

/** Takes as long for a wrong password as for the right one. */
export function matches(password, { salt, hash }) {
  return timingSafeEqual(derive(password, salt), Buffer.from(hash, 'hex'));
}
