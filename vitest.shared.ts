import { defineConfig, type ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = defineConfig({
  resolve: { conditions: ['@nodelens/source'] },
  ssr: { resolve: { conditions: ['@nodelens/source'] } },
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    execArgv: ['--conditions=@nodelens/source'],
    // Two at once: they wait for a service more often than they compute.
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
