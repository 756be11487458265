// Identifiers of snapshots, notifications, insights and investigations: 16 lowercase hex characters.

export type Id = string;

/** A source of ids; injected where a test needs to know them beforehand. */
export type IdSource = () => Id;

// With the first id, not with this module: node:crypto brings twenty modules of Node's own, which took as long as all of
// ours when an operator's thread starts, and an operator that finds nothing needs no id.
let crypto: typeof import('node:crypto') | undefined;

const ID_BYTES = 8;
/** To ask for many takes as long as to ask for eight. */
const POOL_BYTES = 64 * ID_BYTES;
let pool: Buffer | undefined;
let used = 0;

/** 8 random bytes as 16 hex characters. */
export const randomId: IdSource = () => {
  if (pool === undefined || used === POOL_BYTES) {
    crypto ??= process.getBuiltinModule('node:crypto');
    pool = crypto.randomBytes(POOL_BYTES);
    used = 0;
  }
  used += ID_BYTES;
  return pool.toString('hex', used - ID_BYTES, used);
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
