import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const DEMO = fileURLToPath(new URL('../src/demo.ts', import.meta.url));
const MINUTE_MS = 60_000;

interface Ended {
  readonly code: number;
  readonly stdout: string;
}

async function demo(...args: readonly string[]): Promise<Ended> {
  try {
    const argv = ['--conditions=@nodelens/source', DEMO, ...args];
    const { stdout } = await promisify(execFile)(process.execPath, argv, { timeout: MINUTE_MS });
    return { code: 0, stdout };
  } catch (error) {
    return error as Ended;
  }
}

/** The shop must be gone when its demo is. */
function expectEnded(stdout: string): void {
  const pid = Number(/process (\d+)/.exec(stdout)?.[1]);
  expect(pid).toBeGreaterThan(0);
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
}

test.each([
  ['block', [/function bestBundleDiscount {2}.*pricing\.ts:\d+/]],
  [
    'cache',
    [
      /collection visitorTaste {2}.*recommendations\.ts:\d+/,
      /function rememberTaste {2}.*recommendations\.ts:\d+/,
    ],
  ],
  ['garbage', [/function (turnoverCurve|curveUntil) {2}.*orders\.ts:\d+/]],
])(
  '--fault %s is named with file and line',
  async (fault, named) => {
    const { code, stdout } = await demo('--fault', fault);
    for (const pattern of named) expect(stdout).toMatch(pattern);
    expect(code).toBe(0);
    expectEnded(stdout);
  },
  2 * MINUTE_MS,
);

test(
  '--healthy blames nobody',
  async () => {
    const { code, stdout } = await demo('--healthy');
    expect(stdout).toContain('Nothing to report.');
    expect(code).toBe(0);
    expectEnded(stdout);
  },
  2 * MINUTE_MS,
);

test.each([['--fault', 'gremlins'], ['--helthy']])(
  '%s %s is answered with the usage, exit 2',
  async (...args) => {
    expect(await demo(...args)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('usage: npm run demo'),
    });
  },
);
