// Identifiers of snapshots, notifications, insights and investigations: 16 lowercase hex characters.

export type Id = string;

/** A source of ids; injected where a test needs to know them beforehand. */
export type IdSource = () => Id;

// With the first id, not with this module: node:crypto brings twenty modules of Node's own, which took as long as all of
// ours when an operator's thread starts, and an operator that finds nothing needs no id.
let crypto: typeof import('node:crypto') | undefined;

/** 8 random bytes as 16 hex characters. */
export const randomId: IdSource = () => {
  crypto ??= process.getBuiltinModule('node:crypto');
  return crypto.randomBytes(8).toString('hex');
};

/** The next one is always made already: for who cannot wait milliseconds for the first. */
export function idsAhead(): IdSource {
  let next = randomId();
  return () => {
    const id = next;
    next = randomId();
    return id;
  };
}
