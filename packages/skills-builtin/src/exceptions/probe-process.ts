// What nobody caught: uncaught exceptions and unhandled rejections. Nothing here may change what Node does with them.
import type { EventEmitter } from 'node:events';
import type { Outlet } from './probe-outlet.ts';

/** Never changes what happens next; with the default mode it also gets rejections that nobody handles. */
export function watchUncaught(outlet: Outlet): () => void {
  const listener = (error: unknown, origin: unknown): void =>
    origin === 'unhandledRejection'
      ? outlet.tell('rejection', error, { source: 'uncaughtException' })
      : outlet.tell('uncaught', error, { source: 'uncaughtException' });
  process.on('uncaughtExceptionMonitor', listener);
  return () => void process.off('uncaughtExceptionMonitor', listener);
}

const REJECTION = 'unhandledRejection';
/** On our listener: another copy of Nodelens in the process must not take it for one of the app's. */
const OURS = Symbol.for('nodelens.rejection-watch');

/**
 * A listener for unhandled rejections switches the default off, which is the end of the process. So there is one of
 * ours only as long as the app has one of its own, or where the mode makes no difference between some and none.
 */
export function watchRejections(
  outlet: Outlet,
  target: Pick<EventEmitter, 'on' | 'prependListener' | 'off' | 'listeners'> = process,
  isAlwaysSafe: boolean = isModeWithoutDefault(),
): () => void {
  const hasOfApp = (): boolean => target.listeners(REJECTION).some(isOfApp);
  let isListening = false;
  const join = (): void => {
    if (isListening) return;
    isListening = true;
    target.prependListener(REJECTION, listen);
  };
  const leave = (): void => {
    isListening = false;
    target.off(REJECTION, listen);
  };
  const listen = (reason: unknown): void => {
    if (isAlwaysSafe || hasOfApp()) {
      outlet.tell('rejection', reason, { source: REJECTION });
      return;
    }
    // The app took its own away together with our watch on that: what would have happened without us, happens.
    leave();
    void Promise.reject(reason);
  };
  const onAdded = (event: unknown, listener: unknown): void => {
    if (event === REJECTION && isOfApp(listener)) join();
  };
  const onRemoved = (event: unknown, listener: unknown): void => {
    if (event !== REJECTION) return;
    if (listener === listen) isListening = false;
    else if (isListening && !isAlwaysSafe && !hasOfApp()) leave();
  };
  Object.assign(listen, { [OURS]: true });
  if (isAlwaysSafe || hasOfApp()) join();
  target.on('newListener', onAdded);
  target.on('removeListener', onRemoved);
  return () => {
    target.off('newListener', onAdded);
    target.off('removeListener', onRemoved);
    leave();
  };
}

const isOfApp = (listener: unknown): boolean => (listener as { readonly [OURS]?: boolean })[OURS] !== true;

/** With `warn` and `none` Node does the same whether there is a listener or not. */
function isModeWithoutDefault(): boolean {
  const given = [...process.execArgv, ...(process.env.NODE_OPTIONS ?? '').split(/\s+/)];
  const modes = given.flatMap((option, index) => {
    if (option === '--unhandled-rejections') return [given[index + 1]];
    return option.startsWith('--unhandled-rejections=') ? [option.split('=')[1]] : [];
  });
  return modes.length > 0 && modes.every((mode) => mode === 'warn' || mode === 'none');
}
