// Public API of @nodelens/skills-builtin: each skill as data; the recorder thread loads and hosts it.
export { allocator } from './allocator/index.ts';
export { collections } from './collections/index.ts';
export { exceptions } from './exceptions/index.ts';
export { gc } from './gc/index.ts';
export { handles } from './handles/index.ts';
export { http } from './http/index.ts';
export { logger } from './logger/index.ts';
export { overload } from './overload/index.ts';
export { postgres } from './postgres/index.ts';
export { runtime } from './runtime/index.ts';
export { supervision } from './supervision/index.ts';
export { system } from './system/index.ts';
export { tracer } from './tracer/index.ts';
export { vmEvents } from './vm-events/index.ts';
