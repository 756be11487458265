// What `nodelens/register` watches when no config says otherwise.
import type { NodelensOptions } from '@nodelens/core';
import {
  allocator,
  collections,
  exceptions,
  gc,
  handles,
  http,
  logger,
  overload,
  postgres,
  runtime,
  supervision,
  system,
  tracer,
  vmEvents,
} from '@nodelens/skills-builtin';

/** All built-in skills, each on demand: without an investigation they cost no model call and no thread. */
export const defaultOperators = (): NonNullable<NodelensOptions['operators']> => [
  { skill: runtime() },
  { skill: gc() },
  { skill: collections() },
  { skill: http() },
  { skill: handles() },
  { skill: exceptions() },
  { skill: overload() },
  { skill: logger() },
  { skill: allocator() },
  { skill: supervision() },
  { skill: system() },
  { skill: vmEvents() },
  { skill: postgres() },
  { skill: tracer() },
];
