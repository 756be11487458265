// Second step of the build: each probe becomes one file, because the app pays for every module of it before its first
// line. It may import nothing but Node's own modules and ours.
import { globSync, writeFileSync } from 'node:fs';
import { rolldown } from 'rolldown';

for (const input of globSync('dist/*/probe.js')) {
  const build = await rolldown({ input, platform: 'node', external: [] });
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
