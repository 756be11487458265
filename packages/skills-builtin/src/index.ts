// Public API of @nodelens/skills-builtin: each skill as data; the recorder thread loads and hosts it.
export { allocator } from './allocator/index.ts';
export { collections } from './collections/index.ts';
export { gc } from './gc/index.ts';
export { logger } from './logger/index.ts';
export { runtime } from './runtime/index.ts';
export { system } from './system/index.ts';
export { vmEvents } from './vm-events/index.ts';
