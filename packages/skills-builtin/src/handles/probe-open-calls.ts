// Sees every opening of a file, whatever way it is asked for (openSync, open, promises, streams; also by functions
// that a module has imported by name): below them Node has one binding, and its two functions are replaced for the
// seconds of a watch.

type Open = (...args: unknown[]) => unknown;
type Binding = { open: Open; openFileHandle: Open };

const NAMES = ['open', 'openFileHandle'] as const;

/** Returns the undo, or why it cannot watch. */
export function watchOpenCalls(onOpen: (path: string) => unknown): (() => void) | string {
  const binding = fileBinding();
  if (binding === undefined)
    return 'openSync, open and promises.open are not seen: process.binding is not allowed here (permission model or --pending-deprecation)';
  const undos = NAMES.map((name) => {
    const original = binding[name];
    const replaced: Open = function (this: unknown, ...args) {
      try {
        if (typeof args[0] === 'string') onOpen(args[0]);
      } catch {
        // The app opens its file, whatever happens here.
      }
      return Reflect.apply(original, this, args);
    };
    binding[name] = replaced;
    return () => {
      if (binding[name] === replaced) binding[name] = original;
    };
  });
  return () => {
    for (const undo of undos) undo();
  };
}

/** `process.binding` is deprecated, but hands out the binding that Node's own `fs` calls; Node 24 allows it. */
function fileBinding(): Binding | undefined {
  // It would print a warning into the app's output.
  const { NODE_OPTIONS = '', NODE_PENDING_DEPRECATION } = process.env;
  const flags = [...process.execArgv, ...NODE_OPTIONS.split(' ')];
  if (flags.includes('--pending-deprecation') || NODE_PENDING_DEPRECATION === '1') return undefined;
  try {
    const { binding } = process as unknown as { binding?: (name: string) => Partial<Binding> };
    const found = binding?.call(process, 'fs');
    return typeof found?.open === 'function' && typeof found.openFileHandle === 'function'
      ? (found as Binding)
      : undefined;
  } catch {
    return undefined;
  }
}
