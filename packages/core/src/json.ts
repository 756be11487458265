// The one shape that may cross a thread, a process, a socket or reach a model: plain JSON.

export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue | undefined };

export type JsonObject = { readonly [key: string]: JsonValue | undefined };

/**
 * A value that is JSON by construction (its interfaces have no index signature, so TypeScript cannot see it).
 * Only for our own data shapes; what comes from outside is validated instead.
 */
export const asJson = (value: unknown): JsonValue => value as JsonValue;
