// Which function of the app threw an error, by the stack that was logged with it. An error that Node or a dependency
// made (a connection that is refused) has frames of the app as well, but those did no more than ask. Pure.
import { type AppFrame, framesOf, isOfApp } from '../app-frame.ts';

const FRAME = /^\s{1,20}at .{1,500}$/m;
const FRAMES = /^\s{1,20}at .{1,500}$/gm;
/** What the language itself brings (JSON.parse, Array.map) throws for whoever calls it. */
const BUILT_IN = '<anonymous>)';
const OF_NODE = /[( ]node:/;

export function thrownBy(stack: string): AppFrame | undefined {
  if (!FRAME.test(stack)) return undefined;
  const innermost = stack.match(FRAMES)?.find((line) => !line.endsWith(BUILT_IN));
  if (innermost === undefined || OF_NODE.test(innermost)) return undefined;
  const [frame] = framesOf(innermost, '');
  return frame !== undefined && isOfApp(frame) ? frame : undefined;
}
