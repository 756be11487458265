import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { createLocator } from '../../src/recorder/instruments/source-map.ts';

// Generated line 1 is line 3 of the source, generated line 2 is line 5 from column 5 on.
const MAP = JSON.stringify({ version: 3, sources: ['../src/price.ts'], names: [], mappings: 'AAEA;AAEI' });

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'nodelens-map-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

const frameOf = (path: string, line: number) => ({
  name: 'price',
  url: pathToFileURL(path).href,
  line,
  column: 9,
});

test('a position is told in the original source', async () => {
  const dist = await folder();
  const file = join(dist, 'price.js');
  await writeFile(`${file}.map`, MAP);
  await writeFile(file, 'one\ntwo\n//# sourceMappingURL=price.js.map\n');
  const location = await createLocator().locate(frameOf(file, 2));
  expect(location).toEqual({ name: 'price', file: join(dist, '../src/price.ts'), line: 5, column: 5 });
});

test('an inline map works the same, also for a line without a column', async () => {
  const file = join(await folder(), 'price.js');
  const inline = `data:application/json;base64,${Buffer.from(MAP).toString('base64')}`;
  await writeFile(file, `one\ntwo\n//# sourceMappingURL=${inline}\n`);
  expect(await createLocator().locate({ ...frameOf(file, 1), column: 1 })).toMatchObject({ line: 3 });
});

test.for([
  ['no map', 'one\n'],
  ['a map that is missing', 'one\n//# sourceMappingURL=gone.js.map\n'],
  ['a map that is no map', 'one\n//# sourceMappingURL=data:application/json,nonsense\n'],
  ['a map elsewhere on the network', 'one\n//# sourceMappingURL=https://example.invalid/x.map\n'],
])('with %s the position stands as it is', async ([, text]) => {
  const file = join(await folder(), 'price.js');
  await writeFile(file, text as string);
  expect(await createLocator().locate(frameOf(file, 1))).toEqual({ name: 'price', file, line: 1, column: 9 });
});

test("Node's own code, files that do not exist and built-ins stand as they are", async () => {
  const locator = createLocator();
  expect(await locator.locate({ name: 'emit', url: 'node:events', line: 5, column: 1 })).toMatchObject({
    file: 'node:events',
  });
  expect(await locator.locate(frameOf('/nowhere/gone.js', 4))).toMatchObject({
    file: '/nowhere/gone.js',
    line: 4,
  });
  expect(await locator.locate({ name: '', url: '', line: 0, column: 0 })).toEqual({
    name: '(anonymous)',
    file: '',
    line: 1,
    column: 1,
  });
});
