// Public API of @nodelens/skills-builtin: each skill as data; the recorder thread loads and hosts it.
export { collections } from './collections/index.ts';
export { gc } from './gc/index.ts';
export { runtime } from './runtime/index.ts';
