// Promises that stay pending while others are raced against them. Each race leaves its reaction, and with it the result
// of the race, with the promise that has not settled (nodejs/node#17469): no variable of the app leads to them.
import type { JsonObject } from '@nodelens/core';
import { declarationLine } from './declaration.ts';
import { racesOf, type UsesOptions } from './uses.ts';
import type { HeldPromise } from './walk.ts';

const IS_PENDING = `function () {
  const { inspect } = process.getBuiltinModule('node:util');
  return inspect(this, { depth: 0, customInspect: false }).includes('<pending>');
}`;

/** With the places of the races. */
export async function racedPromises(
  promises: readonly HeldPromise[],
  options: UsesOptions,
): Promise<readonly JsonObject[]> {
  const raced: JsonObject[] = [];
  for (const promise of promises) {
    const racedBy = await racesOf(promise, options);
    if (racedBy.length === 0 || (await options.remote.call(promise.handle, IS_PENDING, [])) !== true)
      continue;
    const { name, file } = promise;
    raced.push({ name, file, line: (await declarationLine(name, file)) ?? null, racedBy });
  }
  return raced;
}
