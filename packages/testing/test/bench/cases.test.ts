import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { loadCases } from '../../src/bench/case.ts';

const FOLDER = fileURLToPath(new URL('../../incidents', import.meta.url));
const cases = loadCases(FOLDER);

/** Operators see names, paths and source: none of these may stand there. */
const TELLING =
  /leak|\bslow|starv|culprit|guilty|thrash|exhaust|\bhog|fault|\bbug|broken|\bstuck|\bhangs?\b|\bflood|\bstall(?:s|ed)?\b|\bblock(?:ed|ing)\b|incident|unbounded|naive|inefficient|forgot|never (?:closed|released|removed|cleared|evicted)|nodelens/i;

/** `default` and `JSON.parse` are words of the language. */
const INNOCENT = /\bdefault\w*/gi;

function filesOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

const isThere = (folder: string): boolean => {
  try {
    return readdirSync(folder).length > 0;
  } catch {
    return false;
  }
};

test('there are enough of every kind', () => {
  const of = (tier: string): number => cases.filter((one) => one.tier === tier).length;
  expect(cases.length).toBeGreaterThanOrEqual(40);
  expect(cases.filter(({ hasTwin }) => hasTwin).length).toBeGreaterThanOrEqual(20);
  expect(Math.min(of('easy'), of('medium'), of('hard'))).toBeGreaterThanOrEqual(8);
  expect(cases.filter(({ written }) => written === 'after').length * 2).toBeGreaterThanOrEqual(cases.length);
});

describe.each(cases.map((one) => [one.id, one] as const))('%s', (_id, one) => {
  test('nothing that a model can read gives the fault away', () => {
    const folders = ['app', 'healthy'].map((name) => join(one.folder, name)).filter(isThere);
    const telling = folders.flatMap(filesOf).flatMap((file) => {
      const text = `${file.slice(one.folder.length)}\n${readFileSync(file, 'utf8')}`;
      return text.split('\n').filter((line) => TELLING.test(line.replace(INNOCENT, '')));
    });
    expect(telling).toEqual([]);
  });

  test('what must be named stands in the service', () => {
    const sources = filesOf(join(one.folder, 'app'));
    const missing = one.causes.flatMap(({ anyOf }) =>
      anyOf.filter(({ name, file }) => {
        if (file === undefined) return false;
        const found = sources.find((path) => path.endsWith(file));
        const last = name.split(/[.#]/).at(-1) ?? name;
        return found === undefined || !readFileSync(found, 'utf8').includes(last.replace(/^\((.*)\)$/, ''));
      }),
    );
    expect(missing).toEqual([]);
  });
});
