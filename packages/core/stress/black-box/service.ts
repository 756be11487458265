// A small service that answers once a second until it is told to block; named functions, so that a report can be
// checked against them.
import { execFileSync } from 'node:child_process';
import { pbkdf2Sync } from 'node:crypto';
import { Nodelens } from '../../src/system.ts';
import type { Fault } from './faults.ts';

const dataDir = process.argv[2] ?? '';
const lens = await Nodelens.start({ dataDir, control: false });
lens.on('blackbox.recovered', ({ life }) => process.send?.({ recovered: life }));
const kept: object[] = [];
const uploads: Buffer[] = [];

function priceCart(): void {
  for (let round = 0; round >= 0; round = (round + 1) % 1_000);
}

function checkName(): boolean {
  return /^(a+)+$/.test(`${'a'.repeat(60)}b`);
}

function hashPassword(rounds: number): void {
  pbkdf2Sync('secret', 'salt', rounds, 64, 'sha512');
}

function convertImage(): void {
  execFileSync('sleep', ['600']);
}

function rememberSession(): void {
  for (let i = 0; i < 3_000; i++) kept.push({ i, name: `session ${i}`, list: [i, i + 1, i + 2] });
}

/** 20 MB a second outside the heap. */
function keepUpload(): void {
  uploads.push(Buffer.alloc(2_000_000, 1));
}

/** 10 MB a second, and no turn of the loop in between. */
function loadCatalogue(): void {
  for (;;) {
    const until = performance.now() + 60;
    rememberSession();
    while (performance.now() < until);
  }
}

const faults: { readonly [F in Fault]: () => unknown } = {
  loop: priceCart,
  'regular expression': checkName,
  'native call': () => hashPassword(2 ** 31 - 1),
  'child process': convertImage,
  heap: () => setInterval(rememberSession, 20),
  'heap in one turn': loadCatalogue,
  'container memory': () => setInterval(keepUpload, 100),
  none: () => undefined,
};

// What a healthy service does: some hashing, seen by the profile before one call never returns.
setInterval(() => hashPassword(20_000), 250);
process.on('SIGTERM', () => process.exit(0));
process.on('message', (fault: Fault) => void faults[fault]());
process.send?.({ ready: true });
