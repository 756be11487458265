// Second step of the build: what attaching runs on main becomes one file, because the app pays for every module before
// its first line (40 modules: about 20 ms, one: half of it; bench/README.md). All else stays in its package: workers
// are started from there, and what only runs need is loaded from there by the first run.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const DIST = fileURLToPath(new URL('./dist/', import.meta.url));
const PLACES = '\0nodelens:places';
const INLINED = ['@nodelens/core', '@nodelens/skills-builtin'];

/** The package that a module is of. */
function packageOf(file) {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    try {
      const { name } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      return { name, path: relative(folder, file).replaceAll('\\', '/') };
    } catch {
      if (folder === dirname(folder)) throw new Error(`${file} belongs to no package.`);
    }
  }
}

/** What a module says of its own place must still hold when it has become a part of another file. */
const keepPlaces = {
  name: 'nodelens-keep-places',
  resolveId: (id) => (id === PLACES ? id : undefined),
  load: (id) =>
    id === PLACES
      ? INLINED.map(
          (name, i) =>
            `export const place${i} = import.meta.resolve(${JSON.stringify(`${name}/package.json`)});`,
        ).join('\n')
      : undefined,
  transform(code, id) {
    if (id === PLACES || !/import\.meta\.url|\bimport\(['"]\./.test(code)) return undefined;
    const { name, path } = packageOf(id);
    const index = INLINED.indexOf(name);
    if (index === -1 && name !== 'nodelens') throw new Error(`${id} may not be part of the entry.`);
    const url =
      index === -1
        ? `new URL(${JSON.stringify(`./${relative(DIST, id)}`)}, import.meta.url).href`
        : `new URL(${JSON.stringify(`./${path}`)}, place${index}).href`;
    const placed = code
      .replaceAll(/\bimport\((['"]\.[^'"]+['"])\)/g, 'import(new URL($1, import.meta.url).href)')
      .replaceAll('import.meta.url', url);
    return index === -1 ? placed : `import { place${index} } from '${PLACES}';\n${placed}`;
  },
};

const build = await rolldown({
  input: join(DIST, 'register.js'),
  platform: 'node',
  plugins: [keepPlaces],
});
const { output } = await build.generate({ format: 'esm', minify: false });
await build.close();
const [entry, ...others] = output;
if (others.length > 0) throw new Error(`One file was expected, not ${output.length}.`);
const foreign = Object.keys(entry.modules).filter((id) => /node_modules/.test(id));
if (foreign.length > 0)
  throw new Error(`Only our own code may be loaded on main, not ${foreign.join(', ')}.`);
writeFileSync(join(DIST, 'register.js'), entry.code);
