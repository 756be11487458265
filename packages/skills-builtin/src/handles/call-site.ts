// Who in the app is calling: the innermost of its own functions on the stack, or of a dependency where it has none. By
// V8's call sites, so that nothing of the app (Error.prepareStackTrace) runs; about 10 us.
import { type CallSiteObject, getCallSites } from 'node:util';
import { type AppFrame, fileOf, isAppScript, isOfApp } from '../app-frame.ts';

/** Who opened a socket, child process or kernel handle; keeps none of them alive. */
export type Openers = WeakMap<object, AppFrame>;

/** Between `fetch` and the socket that it opens are some 30 of Node's own. */
const FRAMES = 48;

export function callingFrame(): AppFrame | undefined {
  const sites = getCallSites(FRAMES);
  let dependency: AppFrame | undefined;
  for (const [index, { scriptName, lineNumber, columnNumber }] of sites.entries()) {
    if (!isAppScript(scriptName)) continue;
    const frame = {
      name: nameAt(sites, index).slice(0, 100) || '(anonymous)',
      file: fileOf(scriptName),
      line: lineNumber,
      column: columnNumber,
    };
    if (isOfApp(frame)) return frame;
    dependency ??= frame;
  }
  return dependency;
}

/**
 * Of a nameless function that one of the same file calls, as a rule through V8 (the executor of a promise, what is given
 * to `map`), the name of that one: it is written inside of it. V8 does not list its own frames.
 */
function nameAt(sites: readonly CallSiteObject[], index: number): string {
  const innermost = sites[index]?.scriptName;
  for (const { functionName, scriptName } of sites.slice(index)) {
    if (scriptName !== innermost) return '';
    if (functionName !== '') return functionName;
  }
  return '';
}
