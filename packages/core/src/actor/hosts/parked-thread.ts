// A thread that is there before it is known whose it will be: started like an actor's own, with modules loaded that the
// actor will want, then asleep, without a timer, until it is given one or ended.
import { parentPort } from 'node:worker_threads';
import { beginBeating } from '../limits/beating.ts';
import { nameOwnThread, threadName } from '../limits/kernel-thread.ts';
import type { ActorStart } from './actor-start.ts';

/** Its name in `top -H` as long as it is nobody's. */
export const PARKED: string = threadName('spare');

/** What it gets at its start. */
export interface ParkedStart {
  readonly heart: Int32Array;
  /** URLs; what they export as `warmUp` is called. */
  readonly modules: readonly string[];
}

/** What it is given then. */
export type Adoption = Omit<ActorStart, 'heart'>;

/** In that thread: resolves with the actor that it is to run, whose name it bears from then on. */
export async function waitForActor({ heart, modules }: ParkedStart): Promise<ActorStart> {
  // Shows that it is there; beats come with the actor.
  beginBeating(heart);
  const adopted = new Promise<Adoption>((resolve) => parentPort?.once('message', resolve));
  // What cannot be loaded is told by the actor that needs it.
  for (const module of modules) load(module).catch(() => {});
  const adoption = await adopted;
  nameOwnThread(threadName(adoption.spec.id));
  return { ...adoption, heart };
}

async function load(module: string): Promise<void> {
  const { warmUp } = (await import(module)) as { readonly warmUp?: unknown };
  if (typeof warmUp === 'function') warmUp();
}
