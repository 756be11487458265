// Keys are made of the secret of the service, one for each tenant.
import { pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(pbkdf2);
const SECRET = process.env.LINK_SECRET ?? 'only for development';
const ITERATIONS = Number(process.env.LINK_KEY_ITERATIONS ?? 80_000);

export async function keyOf(tenant) {
  return derive(SECRET, `links of ${tenant}`, ITERATIONS, 32, 'sha512');
}
