// What `nodelens/register` watches when no config says otherwise.
import type { NodelensOptions } from '@nodelens/core';
import { collections, gc, runtime } from '@nodelens/skills-builtin';

/** The built-in skills, each on demand: without an investigation they cost no model call. */
export const defaultOperators = (): NonNullable<NodelensOptions['operators']> => [
  { skill: runtime() },
  { skill: gc() },
  { skill: collections() },
];
