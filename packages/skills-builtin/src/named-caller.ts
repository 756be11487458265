// Who stands behind a function without a name: the nearest of its callers that has one. Pure.
import type { JsonObject } from '@nodelens/core';
import { listOf, type Place, placeOf } from './evidence.ts';

const ANONYMOUS = /^(?:\(?anonymous\)?)?$/;

/** The function itself and, where it has no name, that caller. */
export function withNamedCaller(site: JsonObject | undefined): readonly Place[] {
  const place = placeOf(site);
  if (place === undefined) return [];
  if (!ANONYMOUS.test(place.name)) return [place];
  const named = listOf(site?.callers)
    .flatMap((caller) => placeOf(caller) ?? [])
    .filter(({ name }) => !ANONYMOUS.test(name));
  return [place, ...named.slice(0, 1)];
}
