// `@nodelens/skills-builtin/checks`: what the built-in skills watch for, without the skills, for those who weigh
// evidence that was gathered elsewhere.
import type { Check } from '@nodelens/core';
import { allocatorChecks } from './allocator/knowledge.ts';
import { collectionsChecks } from './collections/knowledge.ts';
import { exceptionsChecks } from './exceptions/knowledge.ts';
import { gcChecks } from './gc/knowledge.ts';
import { handlesChecks } from './handles/knowledge.ts';
import { httpChecks } from './http/knowledge.ts';
import { loggerChecks } from './logger/knowledge.ts';
import { overloadChecks } from './overload/knowledge.ts';
import { postgresChecks } from './postgres/knowledge.ts';
import { runtimeChecks } from './runtime/knowledge.ts';
import { supervisionChecks } from './supervision/knowledge.ts';
import { systemChecks } from './system/knowledge.ts';
import { vmEventsChecks } from './vm-events/knowledge.ts';

/** The checks of every built-in skill that has some, by the skill's id. */
export const builtinChecks: Readonly<Record<string, readonly Check[]>> = {
  allocator: allocatorChecks,
  collections: collectionsChecks,
  exceptions: exceptionsChecks,
  gc: gcChecks,
  handles: handlesChecks,
  http: httpChecks,
  logger: loggerChecks,
  overload: overloadChecks,
  postgres: postgresChecks,
  runtime: runtimeChecks,
  supervision: supervisionChecks,
  system: systemChecks,
  'vm-events': vmEventsChecks,
};
