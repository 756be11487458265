import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { run } from '../../src/bench/command.ts';

function captured(stream: NodeJS.WriteStream): () => string {
  const spy = vi.spyOn(stream, 'write').mockReturnValue(true);
  onTestFinished(() => spy.mockRestore());
  return () => spy.mock.calls.map(([text]) => String(text)).join('');
}

test.each([
  [['--unknown'], 'nodelens-bench --case'],
  [['--case', 'no-such-case'], 'no-such-case'],
  [['--repeats', 'many'], '--repeats'],
  [['--concurrency', '0'], '--concurrency'],
  [['--tier', 'trivial'], '--tier'],
  [['--model', 'oracle', '--case', 'map-never-evicts'], 'oracle'],
])('%j is refused with what to do', async (argv, hint) => {
  const told = captured(process.stderr);
  expect(await run(argv)).toBe(2);
  expect(told()).toContain(hint);
});

test('help', async () => {
  const told = captured(process.stdout);
  expect(await run(['--help'])).toBe(0);
  expect(told()).toContain('--model');
});

test('a folder without cases is an empty report, as JSON on request', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cases-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const told = captured(process.stdout);
  expect(await run(['--cases', folder, '--json', '--register', 'file:///none.mjs'])).toBe(0);
  expect(JSON.parse(told())).toMatchObject({ schema: 'nodelens.bench/1', model: 'triage', cases: [] });
});
