// Second step of the build: the skill and the probe of each folder become one file each. The app pays for every module
// of a probe before its first line, and the process keeps every module of a skill: 400 files of them are 8 MB more.
import { globSync, writeFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { rolldown } from 'rolldown';

/** What a module says of its own place must still hold when it has become a part of another file. */
const keepPlaces = (entry) => ({
  name: 'nodelens-keep-places',
  transform(code, id) {
    if (id === entry || !code.includes('import.meta.url')) return undefined;
    const place = relative(dirname(entry), id).replaceAll('\\', '/');
    return code.replaceAll('import.meta.url', `new URL(${JSON.stringify(place)}, import.meta.url).href`);
  },
});

for (const input of globSync('dist/*/{skill,probe}.js').map((file) => resolve(file))) {
  const isProbe = input.endsWith('probe.js');
  const build = await rolldown({
    input,
    platform: 'node',
    external: isProbe ? [] : [/^[@a-z]/],
    // A probe may ask where it runs itself, to leave its own frames out.
    plugins: isProbe ? [] : [keepPlaces(input)],
  });
  const { output } = await build.generate({ format: 'esm' });
  await build.close();
  const [entry, ...others] = output;
  const foreign = Object.keys(entry.modules).filter(
    (id) => !/[\\/]dist[\\/]/.test(id) || /node_modules/.test(id),
  );
  if (others.length > 0 || foreign.length > 0)
    throw new Error(
      `${input} must be one file of our own code: ${foreign.join(', ') || 'it has dynamic imports'}.`,
    );
  writeFileSync(input, entry.code);
}
