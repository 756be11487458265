// What functions in a collection keep alive: the variables of the scopes that they were made in, which no code of main
// can see, but the inspector can. From a few entries, each in slices of main far below a millisecond.
import { median } from '../statistics.ts';
import type { Handle, Remote } from './remote.ts';

/** The same for all functions of a file, so that an entry does not keep them. */
const SHARED_SCOPES = /^(?:Global|Script|Module)\b/;
const MOST_SCOPES = 4;

/** Bytes that the closures of one entry keep, beside what those of another entry keep as well; 0 without closures. */
export async function closureBytes(
  collection: Handle,
  { remote, helper }: { readonly remote: Remote; readonly helper: Handle },
): Promise<number> {
  const list = await remote.callForHandle(helper, 'function (x) { return this.closures(x); }', [collection]);
  if (list === undefined) return 0;
  const functions = (await remote.properties(list)).own.filter(({ handle }) => handle.type === 'function');
  const scopes: Handle[][] = [];
  for (const { handle } of functions) scopes.push(await ownScopes(handle, remote));
  // The first counts what all of them share, so it needs company.
  if (scopes.length < 2) return 0;
  const weigh = 'function (counts, ...scopes) { return this.weighScopes(counts, ...scopes); }';
  const counts = scopes.map(({ length }) => length);
  const bytes = (await remote.call(helper, weigh, [counts, ...scopes.flat()])) as readonly number[];
  return median(bytes.slice(1));
}

/** Innermost first. */
async function ownScopes(fn: Handle, remote: Remote): Promise<Handle[]> {
  const { internal } = await remote.properties(fn);
  const scopes = internal.find(({ name }) => name === '[[Scopes]]');
  if (scopes === undefined) return [];
  return (await remote.properties(scopes.handle)).own
    .map(({ handle }) => handle)
    .filter(({ description }) => !SHARED_SCOPES.test(description))
    .slice(0, MOST_SCOPES);
}
