// Second step of the build: what a thread starts with becomes one file, and so does the operator that it loads then.
// A thread pays for every module before it is ready, and keeps it for its life (docs/decisions/010). Everything else
// stays as it is.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { rolldown } from 'rolldown';

const ENTRIES = [
  'dist/actor/entry/actor-thread.js',
  'dist/actor/entry/launcher-thread.js',
  'dist/recorder/entry/recorder-thread.js',
  'dist/operator/entry/operator-pool.js',
  'dist/operator/operator.js',
].map((file) => resolve(file));
/** Starts workers or processes of its own, or is an addon: a part of no other file. */
const EXTERNAL = /^(piscina|@nodelens\/)/;
/** What may be a part of ours; its license goes with it. */
const INLINED = [
  'comlink',
  'valibot',
  '@valibot/to-json-schema',
  '@jridgewell/trace-mapping',
  '@jridgewell/sourcemap-codec',
  '@jridgewell/resolve-uri',
];

/**
 * What a module says of its own place must still hold when it has become a part of another file. What it loads later
 * stays where it is.
 */
const keepPlaces = (entry) => ({
  name: 'nodelens-keep-places',
  transform(code, id) {
    if (!/import\.meta\.url|\bimport\(['"]\./.test(code)) return undefined;
    const place = relative(dirname(entry), id).replaceAll('\\', '/');
    const url = id === entry ? 'import.meta.url' : `new URL(${JSON.stringify(place)}, import.meta.url).href`;
    return code
      .replaceAll(/\bimport\((['"]\.[^'"]+['"])\)/g, 'import(new URL($1, import.meta.url).href)')
      .replaceAll('import.meta.url', url);
  },
});

/** It names its UMD file first, of which nothing could be left out. */
const comlinkAsModule = {
  name: 'nodelens-comlink-as-module',
  resolveId(id, importer) {
    return id === 'comlink' ? this.resolve('comlink/dist/esm/comlink.mjs', importer) : undefined;
  },
};

/** The folder of the package that a module is of; undefined for our own. */
function packageOf(id) {
  const [, folder, name] =
    /^(.*[\\/]node_modules[\\/])((?:@[^\\/]+[\\/])?[^\\/]+)[\\/](?!.*[\\/]node_modules[\\/])/.exec(id) ?? [];
  return folder === undefined ? undefined : { name: name.replaceAll('\\', '/'), folder: join(folder, name) };
}

async function oneFile(input) {
  const build = await rolldown({
    input,
    platform: 'node',
    external: EXTERNAL,
    plugins: [keepPlaces(input), comlinkAsModule],
  });
  const { output } = await build.generate({ format: 'esm' });
  await build.close();
  const [entry, ...others] = output;
  const packages = Object.keys(entry.modules).flatMap((id) => packageOf(id) ?? []);
  const foreign = packages.filter(({ name }) => !INLINED.includes(name));
  if (others.length > 0 || foreign.length > 0)
    throw new Error(
      `${input} must be one file of known packages, not ${output.length} with ${foreign.map(({ name }) => name).join(', ') || 'no others'}.`,
    );
  writeFileSync(input, withoutFacades(entry.code));
  // tsc's is of what it was before.
  rmSync(`${input}.map`, { force: true });
  return packages;
}

/**
 * An import of a built-in module makes Node load all that it has: with node:fs come streams, promises and readline,
 * fifteen modules more. Taken as an object, only what is used comes.
 */
const withoutFacades = (code) =>
  code.replaceAll(
    /^import \{ ([^}]+) \} from "(node:[a-z0-9_/]+)";$/gm,
    (_, names, module) =>
      `const { ${names.replaceAll(' as ', ': ')} } = process.getBuiltinModule(${JSON.stringify(module)});`,
  );

function writeLicenses(packages) {
  const texts = new Map(
    packages.map(({ name, folder }) => {
      const file = readdirSync(folder).find((candidate) => /^licen[cs]e/i.test(candidate));
      if (file === undefined) throw new Error(`${name} has no license file.`);
      return [name, readFileSync(join(folder, file), 'utf8').trim()];
    }),
  );
  const parts = [...texts].sort().map(([name, text]) => `${name}\n\n${text}\n`);
  writeFileSync('dist/THIRD-PARTY-LICENSES.txt', parts.join(`\n${'-'.repeat(80)}\n\n`));
}

const inlined = [];
for (const entry of ENTRIES) inlined.push(...(await oneFile(entry)));
writeLicenses(inlined);
