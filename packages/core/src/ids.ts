// Identifiers of snapshots, notifications, insights and investigations: 16 lowercase hex characters.
import { randomBytes } from 'node:crypto';

export type Id = string;

/** A source of ids; injected where a test needs to know them beforehand. */
export type IdSource = () => Id;

/** 8 random bytes as 16 hex characters. */
export const randomId: IdSource = () => randomBytes(8).toString('hex');
