// Who in the app is calling: the innermost of its own functions on the stack, or of a dependency where it has none. By
// V8's call sites, so that nothing of the app (Error.prepareStackTrace) runs; about 10 us.
import { fileURLToPath } from 'node:url';
import { getCallSites } from 'node:util';
import type { AppFrame } from '../app-frame.ts';
import { isOwnCode } from '../own-code.ts';

/** Who opened a socket, child process or kernel handle; keeps none of them alive. */
export type Openers = WeakMap<object, AppFrame>;

const FRAMES = 24;

export function callingFrame(): AppFrame | undefined {
  let dependency: AppFrame | undefined;
  for (const { functionName, scriptName, lineNumber, columnNumber } of getCallSites(FRAMES)) {
    if (!isAppScript(scriptName)) continue;
    const frame = {
      name: functionName === '' ? '(anonymous)' : functionName.slice(0, 100),
      file: scriptName.startsWith('file:') ? fileURLToPath(scriptName) : scriptName,
      line: lineNumber,
      column: columnNumber,
    };
    if (!/[\\/]node_modules[\\/]/.test(scriptName)) return frame;
    dependency ??= frame;
  }
  return dependency;
}

const isAppScript = (script: string): boolean =>
  /^(file:|[\\/]|[A-Za-z]:)/.test(script) && !isOwnCode(script);
