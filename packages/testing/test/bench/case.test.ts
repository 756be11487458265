import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadCase } from '../../src/bench/case.ts';

const good = {
  title: 'A title',
  domain: 'event-loop',
  tier: 'easy',
  alert: { text: 'it is late', afterMs: 1_000 },
  causes: [{ anyOf: [{ kind: 'function', name: 'work', file: 'main.mjs' }] }],
  written: 'before',
};

function folderWith(json: string, files: readonly string[] = ['app/main.mjs', 'drive.mjs']): string {
  const folder = mkdtempSync(join(tmpdir(), 'cases-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'one/app'), { recursive: true });
  writeFileSync(join(folder, 'one/case.json'), json);
  for (const file of files) writeFileSync(join(folder, 'one', file), '');
  return folder;
}

test('a case has its defaults', () => {
  expect(loadCase(folderWith(JSON.stringify(good)), 'one')).toMatchObject({
    id: 'one',
    hasTwin: false,
    isBlocked: false,
    accepted: [],
    timeoutMs: 40_000,
  });
});

test.each([
  ['no JSON', '{', 'JSON'],
  ['a field that does not exist', JSON.stringify({ ...good, hasTwins: true }), 'hasTwins'],
  ['no cause', JSON.stringify({ ...good, causes: [] }), 'causes'],
  ['an unknown tier', JSON.stringify({ ...good, tier: 'trivial' }), 'tier'],
  [
    'a function without its file',
    JSON.stringify({ ...good, causes: [{ anyOf: [{ kind: 'function', name: 'work' }] }] }),
    'work must be given with its file',
  ],
])('%s is refused by name', (_what, json, reason) => {
  const folder = folderWith(json);
  expect(() => loadCase(folder, 'one')).toThrow(
    expect.objectContaining({ code: 'incident_case_invalid', message: expect.stringContaining(reason) }),
  );
});

test('a case without a driver is refused', () => {
  const folder = folderWith(JSON.stringify(good), ['app/main.mjs']);
  expect(() => loadCase(folder, 'one')).toThrow('it has no drive.mjs');
});
