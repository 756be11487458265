// `/work` stays inside one native call, crypto.pbkdf2Sync, for about `--ms` (default 5,000).
import { pbkdf2Sync } from 'node:crypto';
import { numberArgument, serve } from '../serve.ts';

function derive(iterations: number): string {
  return pbkdf2Sync('correct horse', 'battery staple', iterations, 64, 'sha512').toString('hex');
}

/** Measured here, as machines differ. */
function iterationsFor(ms: number): number {
  const probe = 50_000;
  const startedAt = performance.now();
  derive(probe);
  return Math.round((probe * ms) / (performance.now() - startedAt));
}

const iterations = iterationsFor(numberArgument('ms', 5000));

function hashPassword(): string {
  return derive(iterations);
}

serve(hashPassword);
