import { fileURLToPath } from 'node:url';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

// The tests start hundreds of processes and threads from source; what one has compiled, the next need not: a quarter of
// all CPU. Inherited by the forks and by whatever they start.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(
  new URL('./node_modules/.cache/node-compile', import.meta.url),
);

const config: ViteUserConfig = defineConfig({
  resolve: { conditions: ['@nodelens/source'] },
  ssr: { resolve: { conditions: ['@nodelens/source'] } },
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    execArgv: ['--conditions=@nodelens/source'],
    // Two at once, and two packages at once: they wait for a service more often than they compute.
    maxWorkers: 2,
    testTimeout: 30_000,
    // Real threads and processes on a shared machine: there what fails is tried once more, and the reporter says so.
    retry: process.env.CI ? 1 : 0,
    hookTimeout: 30_000,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      exclude: ['src/**/entry/**'],
      reporter: ['text-summary', 'json-summary', 'lcovonly'],
    },
  },
});
export default config;
