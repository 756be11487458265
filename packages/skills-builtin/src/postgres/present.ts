// What the probe or the server tells, as a script gets it: statements as fingerprints, frames where they stand in the
// source, endpoints as routes.
import type { JsonObject, JsonValue, RecorderContext } from '@nodelens/core';
import { placeOf, textOf } from '../evidence.ts';

export interface Presenter {
  readonly fingerprint: (text: string) => string;
  readonly locate: RecorderContext['locate'];
}

/** `text` becomes `query`; every `frame` is located; the shape stays otherwise. */
export async function present(value: JsonValue, by: Presenter): Promise<JsonValue> {
  if (Array.isArray(value)) return Promise.all(value.map((one: JsonValue) => present(one, by)));
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value as JsonObject).map(
    async ([name, field]): Promise<[string, JsonValue | undefined]> => {
      if (name === 'text') return ['query', by.fingerprint(textOf(field))];
      if (name === 'endpoint') return [name, typeof field === 'string' ? routeOf(field) : undefined];
      if (name === 'frame') return [name, await locate(field, by)];
      return [name, field === undefined ? undefined : await present(field, by)];
    },
  );
  return Object.fromEntries(await Promise.all(fields));
}

export async function locate(
  frame: JsonValue | undefined,
  by: Pick<Presenter, 'locate'>,
): Promise<JsonObject | undefined> {
  const known = placeOf(frame);
  if (known === undefined) return undefined;
  const column = Number((frame as JsonObject).column) || 1;
  const { name, file, line } = await by.locate({ ...known, column });
  return { name, file, line };
}

/** `GET /v1/orders/4711?page=2` is `GET /v1/orders/:id`. */
export const routeOf = (endpoint: string): string =>
  endpoint
    .replace(/[?#].*$/, '')
    .replace(/\/(?!v\d{1,2}(?:\/|$))(?=[^/]*\d)[^/\s]+/g, '/:id')
    .slice(0, 150);
