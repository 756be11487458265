// Whether a stall is one of ticks or microtasks that queue further ones: many short callbacks run, and the loop never
// gets its turn. Pure.
import type { CodeLocation, JsonValue } from '@nodelens/core';
import { numberOf, objectOf, placeOf } from '../evidence.ts';
import { turnSlot } from './slots.ts';

/** `ticks`: process.nextTick. */
export type Starvation = 'ticks' | 'microtasks';

/** The first marker may have stood behind work that was there already; so many show that more is queued all the time. */
const ROUNDS = 2;

export interface Rounds {
  readonly ticks: number;
  readonly microtasks: number;
}

export const roundsOf = (numbers: Float64Array): Rounds => ({
  ticks: numbers[turnSlot.ticksRun] ?? 0,
  microtasks: numbers[turnSlot.microtasksRun] ?? 0,
});

/**
 * @param from when the first markers of the stall were put down
 * @param to later in the same stall
 */
export function starvationOf(from: Rounds, to: Rounds): Starvation | undefined {
  const ticks = to.ticks - from.ticks;
  const microtasks = to.microtasks - from.microtasks;
  // Where both run, events of the loop may have come in between.
  if (ticks >= ROUNDS && microtasks === 0) return 'ticks';
  return microtasks >= ROUNDS && ticks === 0 ? 'microtasks' : undefined;
}

/** Which callback was seen most often, and how often. */
export class Callbacks {
  readonly #seen = new Map<string, { readonly place: CodeLocation; count: number }>();
  #all = 0;

  /** @param answer of the probe to `{ of: 'turns' }` */
  add(answer: JsonValue): void {
    const { callback } = objectOf(answer);
    const place = placeOf(callback);
    if (place === undefined) return;
    this.#all += 1;
    const key = `${place.name}\0${place.file}`;
    const known = this.#seen.get(key);
    if (known !== undefined) known.count += 1;
    else if (this.#seen.size < MAX_CALLBACKS)
      this.#seen.set(key, { place: { ...place, column: numberOf(objectOf(callback).column, 1) }, count: 1 });
  }

  most(): { readonly place: CodeLocation; readonly count: number; readonly of: number } | undefined {
    const [most] = [...this.#seen.values()].sort((a, b) => b.count - a.count);
    return most && { ...most, of: this.#all };
  }
}

const MAX_CALLBACKS = 50;
