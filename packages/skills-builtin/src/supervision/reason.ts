// Why a worker or child process ended, in words, and whether that is a failure. Pure.
import type { Life } from './life.ts';

export const OUT_OF_MEMORY = 'ERR_WORKER_OUT_OF_MEMORY';

/** Asked to end: by a process manager, a terminal, or the app. */
const ORDERLY_SIGNALS: ReadonlySet<string> = new Set(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT']);
/** A shell or a handler that ends as those signals would: 128 and the signal's number. */
const ORDERLY_CODES: ReadonlySet<number> = new Set([0, 129, 130, 131, 143]);

const SIGNALS: { readonly [signal: string]: string } = {
  SIGKILL: 'by the kernel when memory ran out, or by somebody from outside',
  SIGSEGV: 'a fault in native code',
  SIGABRT: 'an abort, such as when V8 runs out of heap',
  SIGBUS: 'a fault in native code, or a mapped file that became shorter',
  SIGILL: 'a processor instruction that is not there',
};

const CODES: { readonly [code: number]: string } = {
  126: 'the command is not executable',
  127: 'the command was not found',
  132: 'SIGILL, a processor instruction that is not there',
  134: 'SIGABRT, such as when V8 runs out of heap',
  135: 'SIGBUS, a fault in native code',
  137: 'SIGKILL, by the kernel when memory ran out, or by somebody from outside',
  139: 'SIGSEGV, a fault in native code',
};

/** Exit codes that Node itself gives (process.md). */
const NODE_CODES: { readonly [code: number]: string } = {
  1: 'an uncaught exception, or its own exit code',
  5: 'a fatal error in V8',
  6: 'an exception handler that is not a function',
  7: 'an exception in an exception handler',
  9: 'an unknown option',
  12: 'a debugger address that is not valid',
  13: 'a top-level await that never settles',
};

/** Ended by something that nobody asked for. */
export function isFailure(life: Life): boolean {
  if (life.endedAtMs === undefined) return false;
  if (life.error !== undefined && (life.kind === 'worker' || life.exitCode === undefined)) return true;
  // `terminate()` ends a worker with 1 too; an uncaught exception has its error.
  if (life.kind === 'worker') return (life.exitCode ?? 0) > 1;
  if (life.isKilledByApp) return false;
  if (life.signal !== undefined) return !ORDERLY_SIGNALS.has(life.signal);
  const code = life.exitCode ?? 0;
  // By 1 commands such as grep, diff and pgrep say no.
  return !ORDERLY_CODES.has(code) && (code !== 1 || isScript(life));
}

export const isOutOfMemory = ({ error }: Life): boolean => error?.code === OUT_OF_MEMORY;

export function reasonOf(life: Life): string {
  const { kind, error, exitCode, signal } = life;
  if (life.endedAtMs === undefined) return 'alive';
  if (isOutOfMemory(life))
    return `its heap limit${life.heapLimitMb === undefined ? '' : ` of ${Math.round(life.heapLimitMb)} MB`} was reached`;
  if (kind === 'worker') return reasonOfThread(life);
  if (error !== undefined && exitCode === undefined && signal === undefined)
    return `could not be started: ${error.message}`;
  if (life.isKilledByApp) return `ended by the app${signal === undefined ? '' : ` (${signal})`}`;
  if (signal !== undefined)
    return `signal ${signal}${SIGNALS[signal] === undefined ? '' : `: ${SIGNALS[signal]}`}`;
  if (exitCode === 0 || exitCode === undefined) return 'ended normally';
  const meaning = CODES[exitCode] ?? (isScript(life) ? NODE_CODES[exitCode] : undefined);
  return `exit code ${exitCode}${meaning === undefined ? '' : `: ${meaning}`}`;
}

function reasonOfThread({ error, exitCode = 0 }: Life): string {
  if (error !== undefined) return `uncaught ${error.type}: ${error.message}`;
  if (exitCode === 0) return 'ended normally';
  return exitCode === 1 ? 'ended by terminate() or process.exit(1)' : `process.exit(${exitCode})`;
}

const isScript = ({ kind, file }: Life): boolean => kind === 'cluster' || file !== undefined;
