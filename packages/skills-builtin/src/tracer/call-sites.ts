// The stack at a hit, and what of it belongs to the traced function. Runs on main.
import { type CallSiteObject, getCallSites } from 'node:util';
import type { RawCallSite, TraceOptions } from './protocol.ts';

/** Frames that are looked at; one costs main about 1.5 us. */
const FRAMES = 24;
const CALLER_FRAMES = 3;

export type Extent = Pick<TraceOptions, 'scriptId' | 'from' | 'to'>;

/** From the traced function's own frame on, nearest first; empty when it is not on the stack. */
export function stackNow(extent: Extent): readonly CallSiteObject[] {
  const sites = getCallSites(FRAMES, { sourceMap: false });
  const own = sites.findIndex((site) => isWithin(site, extent));
  return own === -1 ? [] : sites.slice(own);
}

const isWithin = (
  { scriptId, lineNumber, columnNumber }: CallSiteObject,
  { from, to, ...extent }: Extent,
): boolean =>
  scriptId === extent.scriptId &&
  (lineNumber > from.line || (lineNumber === from.line && columnNumber >= from.column)) &&
  (lineNumber < to.line || (lineNumber === to.line && columnNumber <= to.column));

/** How many calls of the function are on the stack. Functions inside of it have other names. */
export function depthOf(stack: readonly CallSiteObject[], extent: Extent): number {
  const [own] = stack;
  if (own === undefined) return 0;
  return stack.filter((site) => isSame(site, own) && isWithin(site, extent)).length;
}

/** The app's own frames above it; Node's where nobody else called it. Empty: from the event loop itself. */
export function callersOf(stack: readonly CallSiteObject[], extent: Extent): readonly RawCallSite[] {
  const [own] = stack;
  const above = stack.filter((site) => own !== undefined && !(isSame(site, own) && isWithin(site, extent)));
  const named = above.filter(({ scriptName }) => scriptName !== '');
  const users = named.filter(({ scriptName }) => !scriptName.startsWith('node:'));
  return (users.length > 0 ? users : named).slice(0, CALLER_FRAMES).map((site) => ({
    name: site.functionName,
    file: site.scriptName,
    line: site.lineNumber,
    column: site.columnNumber,
  }));
}

export const siteKey = ({ name, file, line, column }: RawCallSite): string =>
  `${name}\0${file}\0${line}\0${column}`;

const isSame = (a: CallSiteObject, b: CallSiteObject): boolean =>
  a.scriptId === b.scriptId && a.functionName === b.functionName;
