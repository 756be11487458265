// The fault services by name, each a file to start as a process of its own.

export type FaultName =
  | 'sync-loop'
  | 'regex-block'
  | 'pbkdf2-block'
  | 'json-block'
  | 'growing-map'
  | 'churn'
  | 'healthy';

/** The file to give to `startService`: `.ts` from source, `.js` when built. Its arguments stand at its top. */
export const faultService = (name: FaultName): URL =>
  new URL(`./entry/${name}${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);
