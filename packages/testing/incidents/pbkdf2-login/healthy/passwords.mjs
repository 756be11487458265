// Passwords are kept as PBKDF2 of salt and password, with as many rounds as OWASP asks for or the policy says.
import { pbkdf2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

export const ROUNDS = Number(process.env.PASSWORD_ROUNDS ?? 210_000);
const BYTES = 64;
const pbkdf2Async = promisify(pbkdf2);

function derive(password, salt) {
  return pbkdf2Async(password.normalize('NFKC'), salt, ROUNDS, BYTES, 'sha512');
}

/** Takes as long for a wrong password as for the right one. */
export async function matches(password, { salt, hash }) {
  return timingSafeEqual(await derive(password, salt), Buffer.from(hash, 'hex'));
}
