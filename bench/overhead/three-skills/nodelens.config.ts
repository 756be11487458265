// The three skills of the first slice: `npm run bench:overhead -- --config bench/overhead/three-skills`.
import type { NodelensOptions } from '@nodelens/core';
import { collections, gc, runtime } from '@nodelens/skills-builtin';

const config: NodelensOptions = {
  operators: [{ skill: runtime() }, { skill: gc() }, { skill: collections() }],
};
export default config;
