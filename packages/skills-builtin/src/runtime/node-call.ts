// Which of Node's functions the blamed one was in: `child_process.execFileSync`, `crypto.pbkdf2Sync`. Pure but for Node's
// own list of what a module exports: inner names (`syncBufferWrapper`) tell nobody anything, there the module must do.
import type { Stall } from '@nodelens/core';

/**
 * Undefined where the function itself computed, or called what is not a module of Node's.
 * @returns module and function, or the module alone
 */
export function nodeCallOf({ culprit, stack }: Pick<Stall, 'culprit' | 'stack'>): string | undefined {
  const at = stack.findIndex(({ name, file }) => name === culprit?.name && file === culprit.file);
  const called = stack[at - 1];
  const module = /^node:(?!internal\/)(.+)$/.exec(called?.file ?? '')?.[1];
  if (module === undefined || called === undefined) return undefined;
  const exported: object = process.getBuiltinModule(module) ?? {};
  return Object.hasOwn(exported, called.name) ? `${module}.${called.name}` : module;
}
