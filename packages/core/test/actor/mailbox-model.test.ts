// The mailbox against the simplest model of it, over random operations.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Mailbox } from '../../src/actor/messages/mailbox.ts';
import type { OverflowPolicy } from '../../src/actor/supervision/child-spec.ts';

const RUNS = 10_000;
const SEED = 20_261_130;

/** Two plain arrays, written from the documentation of the policies. */
class Model {
  readonly control: string[] = [];
  readonly user: number[] = [];
  readonly capacity: number;
  readonly overflow: OverflowPolicy;

  constructor(capacity: number, overflow: OverflowPolicy) {
    this.capacity = capacity;
    this.overflow = overflow;
  }

  offer(message: number): number | undefined {
    const isFull = this.user.length >= this.capacity;
    if (isFull && this.overflow === 'reject') return message;
    const dropped = !isFull
      ? undefined
      : this.overflow === 'drop-oldest'
        ? this.user.shift()
        : this.user.pop();
    this.user.push(message);
    return dropped;
  }

  remove(message: number): number | undefined {
    const at = this.user.indexOf(message);
    return at < 0 ? undefined : this.user.splice(at, 1)[0];
  }
}

type Step = 'offer' | 'control' | 'take' | 'drain' | { readonly remove: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.constant('offer' as const) },
  { weight: 1, arbitrary: fc.constant('control' as const) },
  { weight: 4, arbitrary: fc.constant('take' as const) },
  { weight: 1, arbitrary: fc.constant('drain' as const) },
  { weight: 2, arbitrary: fc.record({ remove: fc.nat(30) }) },
);

const policy = fc.constantFrom<OverflowPolicy>('reject', 'drop-oldest', 'drop-newest');

test('whatever is done to it: order, bound, and nothing lost without a word', () => {
  const property = fc.property(
    fc.integer({ min: 1, max: 20 }),
    policy,
    fc.array(step, { maxLength: 60, size: 'max' }),
    (capacity, overflow, steps) => {
      const mailbox = new Mailbox<string, number>(capacity, overflow);
      const model = new Model(capacity, overflow);
      const count = { offered: 0, delivered: 0, dropped: 0, removed: 0 };
      const both = <T>(real: T, expected: T): T => {
        if (JSON.stringify(real) !== JSON.stringify(expected))
          throw new Error(`${JSON.stringify(real)} instead of ${JSON.stringify(expected)}`);
        return real;
      };
      const play = (next: Step): void => {
        if (next === 'offer') {
          count.offered += 1;
          if (both(mailbox.offer(count.offered), model.offer(count.offered)) !== undefined)
            count.dropped += 1;
        } else if (next === 'control') {
          mailbox.offerControl('ping');
          model.control.push('ping');
        } else if (next === 'take') {
          const taken = both(mailbox.take(), model.control.shift() ?? model.user.shift());
          if (typeof taken === 'number') count.delivered += 1;
        } else if (next === 'drain') {
          count.delivered += both(mailbox.drain(), model.user.splice(0)).length;
        } else if (
          both(
            mailbox.remove((message) => message === next.remove),
            model.remove(next.remove),
          ) !== undefined
        )
          count.removed += 1;
      };
      for (const next of steps) {
        play(next);
        both(mailbox.size, model.control.length + model.user.length);
        if (model.user.length > capacity) throw new Error('more wait than may');
      }
      both(count.delivered + model.user.length + count.dropped + count.removed, count.offered);
    },
  );
  fc.assert(property, { numRuns: RUNS, seed: SEED });
  expect(RUNS).toBe(10_000);
});
