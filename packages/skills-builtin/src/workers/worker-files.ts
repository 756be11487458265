// Which file a worker runs: a Worker does not remember it, and its channel does not tell it, so the constructor is
// looked through. It stays the same class: only `new` is seen.
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { fileURLToPath } from 'node:url';
import { boundedFile } from './bounds.ts';

type WorkerClass = typeof import('node:worker_threads').Worker;

export interface WorkerFiles {
  /** The constructor that runs now, to leave its frame and those above it out of a stack; undefined outside of one. */
  readonly constructing: (() => unknown) | undefined;
  /** Absolute path, or `(eval)` or `(data)`; undefined when the app got hold of the class before the probe came. */
  readonly file: string | undefined;
  stop(): void;
}

export function watchWorkerFiles(): WorkerFiles {
  // Not an import: that is a view, which cannot be written to.
  const module = createRequire(import.meta.url)('node:worker_threads') as { Worker: WorkerClass };
  const original = module.Worker;
  let file: string | undefined;
  let constructing: (() => unknown) | undefined;
  const construct = (target: WorkerClass, args: unknown[], newTarget: NewableFunction): object => {
    const outer = { file, constructing };
    file = fileOf(args);
    constructing = construct as () => unknown;
    try {
      return Reflect.construct(target, args, newTarget);
    } finally {
      ({ file, constructing } = outer);
    }
  };
  const watched = new Proxy(original, { construct });
  module.Worker = watched;
  syncBuiltinESMExports();
  return {
    get constructing() {
      return constructing;
    },
    get file() {
      return file;
    },
    stop() {
      if (module.Worker !== watched) return;
      module.Worker = original;
      syncBuiltinESMExports();
    },
  };
}

function fileOf([filename, options]: readonly unknown[]): string | undefined {
  try {
    if ((options as { eval?: unknown } | undefined)?.eval) return '(eval)';
    if (!(filename instanceof URL)) return boundedFile(filename);
    return filename.protocol === 'data:' ? '(data)' : boundedFile(fileURLToPath(filename));
  } catch {
    return undefined;
  }
}
