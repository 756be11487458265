// Which of Node's functions the blamed one was in: `child_process.execFileSync`, `crypto.pbkdf2Sync`. Pure.
import type { Stall } from '@nodelens/core';

/**
 * Undefined where the function itself computed, or called what is not a module of Node's.
 * @returns module and function
 */
export function nodeCallOf({ culprit, stack }: Pick<Stall, 'culprit' | 'stack'>): string | undefined {
  const at = stack.findIndex(({ name, file }) => name === culprit?.name && file === culprit.file);
  const called = stack[at - 1];
  const module = /^node:(?!internal\/)(.+)$/.exec(called?.file ?? '')?.[1];
  if (module === undefined || called === undefined || called.name === '') return undefined;
  return `${module}.${called.name}`;
}
