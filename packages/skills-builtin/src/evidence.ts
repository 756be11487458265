// Evidence comes back from a script as JSON; these read it without trusting its shape.
import type { JsonObject, JsonValue } from '@nodelens/core';

export const objectOf = (value: JsonValue | undefined): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};

export const listOf = (value: JsonValue | undefined): readonly JsonObject[] =>
  Array.isArray(value)
    ? value.filter((item): item is JsonObject => typeof item === 'object' && item !== null)
    : [];

/** A number, or `otherwise` (default 0). */
export const numberOf = (value: JsonValue | undefined, otherwise = 0): number =>
  typeof value === 'number' ? value : otherwise;

/** A text, or the empty one. */
export const textOf = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '');

/** A function with its place, if there is one. */
export interface Place {
  readonly name: string;
  readonly file: string;
  readonly line: number;
}

export function placeOf(value: JsonValue | undefined): Place | undefined {
  const { name, file, line } = objectOf(value);
  return typeof name === 'string' && typeof file === 'string' && typeof line === 'number'
    ? { name, file, line }
    : undefined;
}
