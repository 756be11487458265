// The umbrella: everything of core and the built-in skills, and the config file's helper.
export * from '@nodelens/core';
export * from '@nodelens/skills-builtin';
export { defineConfig, type NodelensConfig } from './config.ts';
export { defaultOperators } from './defaults.ts';
