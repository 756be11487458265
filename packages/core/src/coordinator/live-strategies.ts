// Strategies that are functions of this thread: they travel to its coordinator as a name. Nobody else can call them.
import { randomId } from '../ids.ts';
import type { OwnStrategy } from './own-strategy.ts';
import type { LiveStrategy } from './strategy-ref.ts';

const known = new Map<string, OwnStrategy>();

/** Known until `forget` is called. */
export function registerStrategy(strategy: OwnStrategy): { choice: LiveStrategy; forget: () => void } {
  const id = randomId();
  known.set(id, strategy);
  return { choice: { kind: 'live-strategy', id }, forget: () => known.delete(id) };
}

/** Undefined on another thread, and after the run that it was given to. */
export const liveStrategy = ({ id }: LiveStrategy): OwnStrategy | undefined => known.get(id);
